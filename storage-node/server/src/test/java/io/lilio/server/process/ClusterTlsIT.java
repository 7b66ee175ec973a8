package io.lilio.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.grpc.ChannelCredentials;
import io.grpc.TlsChannelCredentials;
import io.lilio.metadata.etcd.Certificates;
import io.lilio.metadata.etcd.EtcdLogins;
import io.lilio.metadata.etcd.EtcdProcess;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.CertificateFactory;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLHandshakeException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A cluster in which everybody shows a certificate: nodes to each other, nodes and etcd to each
 * other, and nodes log in at etcd besides, where they may use the keys of their prefix alone.
 */
@Timeout(600)
@Tag("faults")
class ClusterTlsIT {

    private static final String PREFIX = "/ours/";

    @TempDir Path directory;

    @Test
    void clientsAreServedWhileANodeIsKilledAndAllCertificatesAreRenewedWithoutARestart()
            throws Exception {
        Certificates first = Certificates.make(directory.resolve("first"));
        Certificates second = Certificates.make(directory.resolve("second"));
        Certificates used = Certificates.make(directory.resolve("used"));
        first.copyTo(used);
        EtcdProcess etcd = etcd(used);
        try (ClusterProcesses cluster =
                        ClusterProcesses.start(
                                directory,
                                ClusterProcesses.Shape.of(3)
                                        .with(ClusterProcesses.PATIENT)
                                        .with(settings(used)),
                                List.of(etcd));
                ClusterLoad load =
                        ClusterLoad.fill(cluster.endpoints(), ClusterLoad.Size.LIGHT, 95)) {
            ServerProcess[] nodes = {cluster.node(1), cluster.node(2), cluster.node(3)};
            ClusterFaults faults = new ClusterFaults(cluster, load, nodes);
            awaitAllShow(first, cluster);
            faults.begin();
            faults.isKilled(nodes[2], 2);

            List<Long> processes = List.of(nodes[0].pid(), nodes[1].pid());
            faults.isInTrouble();
            etcd.stop(); // it reads the authority when it starts
            second.copyTo(used);
            etcd.start();
            load.awaitWell(nodes);
            awaitAllShow(second, cluster);
            faults.isKilled(nodes[2], 2); // all connections to it and of it are new ones
            faults.goesOn(nodes[2]);
            assertThat(List.of(nodes[0].pid(), nodes[1].pid())).isEqualTo(processes);
        }
    }

    private EtcdProcess etcd(Certificates used) throws Exception {
        EtcdProcess etcd =
                EtcdProcess.start(
                        directory,
                        "--cert-file=" + used.server().certificate(),
                        "--key-file=" + used.server().key(),
                        "--trusted-ca-file=" + used.authority(),
                        "--client-cert-auth");
        ChannelCredentials administrator =
                TlsChannelCredentials.newBuilder()
                        .trustManager(used.authority().toFile())
                        .keyManager(
                                used.client().certificate().toFile(), used.client().key().toFile())
                        .build();
        EtcdLogins.demand(etcd.endpoint(), administrator, PREFIX);
        return etcd;
    }

    private static Map<String, String> settings(Certificates used) {
        return Map.of(
                "LILIO_METADATA_ETCD_PREFIX", PREFIX,
                "LILIO_METADATA_ETCD_USER", EtcdLogins.USER,
                "LILIO_METADATA_ETCD_PASSWORD", EtcdLogins.PASSWORD,
                "LILIO_METADATA_ETCD_TLS_CA", used.authority().toString(),
                "LILIO_METADATA_ETCD_TLS_CERTIFICATE", used.client().certificate().toString(),
                "LILIO_METADATA_ETCD_TLS_KEY", used.client().key().toString(),
                "LILIO_RPC_TLS_CA", used.authority().toString(),
                "LILIO_RPC_TLS_CERTIFICATE", used.server().certificate().toString(),
                "LILIO_RPC_TLS_KEY", used.server().key().toString());
    }

    /** Waits until every node shows others a certificate that an authority has signed. */
    private static void awaitAllShow(Certificates authority, ClusterProcesses cluster)
            throws Exception {
        for (JsonNode node : Curl.ofRoot(cluster.node(1)).get("/v1/nodes").is(200).body()) {
            String address = node.path("address").asText();
            int port = Integer.parseInt(address.substring(address.indexOf(':') + 1));
            while (!shows(authority.authority(), port)) {
                Thread.sleep(200);
            }
        }
    }

    private static boolean shows(Path authority, int port) throws Exception {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        try (InputStream in = Files.newInputStream(authority)) {
            trusted.setCertificateEntry(
                    "authority", CertificateFactory.getInstance("X.509").generateCertificate(in));
        }
        TrustManagerFactory trust =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext tls = SSLContext.getInstance("TLS");
        tls.init(null, trust.getTrustManagers(), null);
        try (SSLSocket socket =
                (SSLSocket) tls.getSocketFactory().createSocket("127.0.0.1", port)) {
            socket.startHandshake();
            return true;
        } catch (SSLHandshakeException e) {
            return false;
        }
    }
}
