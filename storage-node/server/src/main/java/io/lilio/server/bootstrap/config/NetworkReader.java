package io.lilio.server.bootstrap.config;

import io.lilio.server.bootstrap.config.NodeSettings.Network;
import io.lilio.server.rpc.ClusterSecrets;
import io.lilio.server.rpc.TlsFiles;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Reads how the nodes of a cluster talk to each other. */
final class NetworkReader {

    private static final String PREFIX = "lilio.rpc.";
    private static final Set<String> EVERY_ADDRESS = Set.of("0.0.0.0", "::", "[::]");

    private NetworkReader() {}

    /**
     * @param nodeHost where others get here, when the node listens on every address
     */
    static Network read(LilioConfig.Rpc written, String nodeHost) {
        String host =
                new SettingText(PREFIX + "host", written.host())
                        .filled("an address or a host name");
        int port = new SettingText(PREFIX + "port", written.port()).number(1, 65_535);
        List<String> secrets = new ArrayList<>();
        secrets.add(
                secret("secret", written.secret(), written.secretFile())
                        .orElseThrow(
                                () ->
                                        new InvalidSettingException(
                                                PREFIX
                                                        + "secret or "
                                                        + PREFIX
                                                        + "secret-file has to be set in a cluster,"
                                                        + " to the same on all nodes.")));
        secret(
                        "also-accepted-secret",
                        written.alsoAcceptedSecret(),
                        written.alsoAcceptedSecretFile())
                .ifPresent(secrets::add);
        return new Network(
                host,
                port,
                address(written, EVERY_ADDRESS.contains(host) ? nodeHost : host, port),
                secrets,
                tls(written.tls()));
    }

    private static String address(LilioConfig.Rpc written, String reached, int port) {
        if (written.address().isEmpty()) {
            return (reached.contains(":") ? "[" + reached + "]" : reached) + ":" + port;
        }
        SettingText text = new SettingText(PREFIX + "address", written.address().get());
        if (!text.text().matches("\\S+:\\d{1,5}")) {
            throw text.refuse("host:port, such as node-1.nodes:9002");
        }
        return text.text();
    }

    private static Optional<String> secret(
            String name, Optional<String> written, Optional<String> file) {
        Optional<String> secret =
                file.map(path -> new SettingText(PREFIX + name + "-file", path).content())
                        .or(() -> written);
        if (secret.filter(text -> text.length() < ClusterSecrets.MIN_LENGTH).isPresent()) {
            throw new InvalidSettingException(
                    PREFIX
                            + name
                            + " has to have "
                            + ClusterSecrets.MIN_LENGTH
                            + " characters at least.");
        }
        return secret;
    }

    private static Optional<TlsFiles> tls(LilioConfig.RpcTls written) {
        List<Optional<String>> all = List.of(written.ca(), written.certificate(), written.key());
        if (all.stream().allMatch(Optional::isEmpty)) {
            return Optional.empty();
        }
        if (all.stream().anyMatch(Optional::isEmpty)) {
            throw new InvalidSettingException(
                    PREFIX
                            + "tls.ca, "
                            + PREFIX
                            + "tls.certificate and "
                            + PREFIX
                            + "tls.key have to be set all or not at all.");
        }
        return Optional.of(
                new TlsFiles(
                        new SettingText(PREFIX + "tls.ca", written.ca().get()).pem(),
                        new SettingText(PREFIX + "tls.certificate", written.certificate().get())
                                .pem(),
                        new SettingText(PREFIX + "tls.key", written.key().get()).pem()));
    }
}
