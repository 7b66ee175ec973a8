package io.lilio.e2e;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.client.Config;
import io.lilio.testing.http.HttpProxy;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.SocketFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * The operator as a process on this machine, with the settings and the rights that the chart gives
 * it, and with proxies before all that it writes to: the API server and the admin API of each
 * storage pod. So it can be killed after a write, before it learns of it; it is started again then.
 * It does not ask others whether it leads.
 */
final class OutsideOperator implements AutoCloseable {

    private static final int ADMIN_PORT = 9001;

    private final Scenario scenario;
    private final StoreCluster cluster;
    private final int number;
    private final Path directory;
    private final List<WriteProxy> proxies = new ArrayList<>();
    private final AtomicBoolean killing = new AtomicBoolean();
    private final AtomicBoolean closing = new AtomicBoolean();
    private final AtomicInteger kills = new AtomicInteger();
    private final EffectiveWrites writes;
    private volatile Process process;
    private volatile String unexpected = "";
    private final Thread supervisor;

    /**
     * Starts one.
     *
     * @param number tells several apart, from 1 on
     * @param pods as many as the cluster will ever have
     */
    static OutsideOperator start(Scenario scenario, StoreCluster cluster, int number, int pods) {
        try {
            OutsideOperator operator = new OutsideOperator(scenario, cluster, number);
            operator.startProxies(pods);
            operator.process = operator.startProcess();
            operator.supervisor.start();
            return operator;
        } catch (IOException | GeneralSecurityException e) {
            throw new AssertionError("operator " + number + " cannot be started", e);
        }
    }

    private OutsideOperator(Scenario scenario, StoreCluster cluster, int number)
            throws IOException {
        this.scenario = scenario;
        this.cluster = cluster;
        this.number = number;
        this.directory = Files.createDirectories(Path.of("target", "e2e-evidence"));
        this.writes =
                new EffectiveWrites(scenario.kubernetes(), cluster, write -> !killInsteadOf());
        this.supervisor = Thread.ofPlatform().daemon().unstarted(this::supervise);
    }

    /** From now on it is killed after each write that changes something, or not any more. */
    void killAfterEachWrite(boolean now) {
        killing.set(now);
    }

    EffectiveWrites writes() {
        return writes;
    }

    int kills() {
        return kills.get();
    }

    /** Fails the test when it has ended without being killed. */
    void assertNeverEndedByItself() {
        if (!unexpected.isEmpty()) {
            throw new AssertionError(unexpected);
        }
    }

    /** Called while its write is under way; whether it was killed. */
    private boolean killInsteadOf() {
        if (!killing.get()) {
            return false;
        }
        kills.incrementAndGet();
        process.destroyForcibly();
        return true;
    }

    private void supervise() {
        try {
            while (!closing.get()) {
                int before = kills.get();
                Process watched = process;
                int status = watched.waitFor();
                if (closing.get()) {
                    return;
                }
                if (kills.get() == before && status != 137) {
                    unexpected =
                            "operator %d ended with %d: see %s".formatted(number, status, log());
                    return;
                }
                process = startProcess();
            }
        } catch (IOException e) {
            unexpected = "operator %d cannot be started again: %s".formatted(number, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private Path log() {
        return directory.resolve("outside-operator-%d.log".formatted(number)).toAbsolutePath();
    }

    private Process startProcess() throws IOException {
        ProcessBuilder builder =
                new ProcessBuilder(
                                Installation.repository()
                                        .resolve("scripts/lilio-operator")
                                        .toString())
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
        Map<String, String> environment = builder.environment();
        for (EnvVar variable : chartVariables()) {
            value(variable).ifPresent(value -> environment.put(variable.getName(), value));
        }
        environment.put("KUBECONFIG", kubeconfig().toString());
        environment.put("LILIO_JAVA_OPTS", "-Djdk.net.hosts.file=" + hosts());
        environment.put("LILIO_OPERATOR_LEADER_ELECTION", "false");
        environment.put("QUARKUS_HTTP_HOST", "127.0.0.1");
        environment.put("QUARKUS_HTTP_PORT", "0");
        return builder.start();
    }

    private List<EnvVar> chartVariables() {
        return scenario.installation()
                .deployment()
                .getSpec()
                .getTemplate()
                .getSpec()
                .getContainers()
                .getFirst()
                .getEnv();
    }

    /** As the pod would have it. */
    private Optional<String> value(EnvVar variable) {
        if (variable.getValueFrom() == null) {
            return Optional.ofNullable(variable.getValue());
        }
        if (variable.getValueFrom().getFieldRef() == null) {
            return Optional.empty();
        }
        return switch (variable.getValueFrom().getFieldRef().getFieldPath()) {
            case "metadata.namespace" -> Optional.of(Installation.NAMESPACE);
            case "metadata.name" -> Optional.of("outside-" + number);
            default -> Optional.empty();
        };
    }

    private Path kubeconfig() {
        return file("kubeconfig");
    }

    private Path hosts() {
        return file("hosts");
    }

    private Path file(String name) {
        return directory.resolve("outside-operator-%d.%s".formatted(number, name)).toAbsolutePath();
    }

    private void startProxies(int pods) throws IOException, GeneralSecurityException {
        ReentrantLock writing = new ReentrantLock();
        WriteProxy apiServer =
                WriteProxy.start("127.0.0.1", 0, apiServer(), writes.ofApiServer(), writing);
        proxies.add(apiServer);
        String token =
                scenario.kubernetes()
                        .kubectl(
                                "create",
                                "token",
                                scenario.installation()
                                        .deployment()
                                        .getSpec()
                                        .getTemplate()
                                        .getSpec()
                                        .getServiceAccountName(),
                                "-n",
                                Installation.NAMESPACE,
                                "--duration=12h")
                        .strip();
        Files.writeString(
                kubeconfig(),
                """
                apiVersion: v1
                kind: Config
                current-context: proxy
                clusters: [{name: proxy, cluster: {server: "http://127.0.0.1:%d"}}]
                contexts: [{name: proxy, context: {cluster: proxy, user: operator}}]
                users: [{name: operator, user: {token: "%s"}}]
                """
                        .formatted(apiServer.port(), token));
        StringBuilder hosts = new StringBuilder();
        for (int i = 0; i < pods; i++) {
            String address = "127.0.%d.%d".formatted(number, 10 + i);
            URI node = cluster.adminOfPod(i);
            proxies.add(
                    WriteProxy.start(
                            address,
                            ADMIN_PORT,
                            () ->
                                    SocketFactory.getDefault()
                                            .createSocket(node.getHost(), node.getPort()),
                            writes.ofAdminApi(),
                            writing));
            hosts.append(
                    "%s %s.%s-nodes.%s.svc%n"
                            .formatted(
                                    address, cluster.node(i), cluster.name(), cluster.namespace()));
        }
        Files.writeString(hosts(), hosts);
    }

    /** With its own certificate, and without this machine's rights: the token has to do. */
    private HttpProxy.Server apiServer() throws IOException, GeneralSecurityException {
        Config config = scenario.kubernetes().client().getConfiguration();
        KeyStore authorities = KeyStore.getInstance(KeyStore.getDefaultType());
        authorities.load(null, null);
        byte[] certificate = Base64.getDecoder().decode(config.getCaCertData());
        authorities.setCertificateEntry(
                "kubernetes",
                CertificateFactory.getInstance("X.509")
                        .generateCertificate(new ByteArrayInputStream(certificate)));
        TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(authorities);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(null, trust.getTrustManagers(), null);
        URI server = URI.create(config.getMasterUrl());
        return () -> tls.getSocketFactory().createSocket(server.getHost(), server.getPort());
    }

    @Override
    public void close() {
        closing.set(true);
        process.destroyForcibly();
        try {
            supervisor.join();
            process.destroyForcibly().waitFor();
            for (WriteProxy proxy : proxies) {
                proxy.close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", e);
        }
    }
}
