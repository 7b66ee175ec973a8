package io.lilio.server.bootstrap.config;

import io.lilio.metadata.etcd.EtcdSettings;
import io.lilio.server.bootstrap.config.NodeSettings.Metadata;
import io.lilio.tls.PemFiles;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads where records are kept. */
final class MetadataReader {

    private static final String ENDPOINTS = "lilio.metadata.etcd.endpoints";
    private static final String ENDPOINT_RULE =
            "a list of host:port, such as etcd-0:2379,etcd-1:2379,etcd-2:2379";
    private static final String TLS = "lilio.metadata.etcd.tls.";

    private MetadataReader() {}

    static Metadata read(LilioConfig.Metadata written, Path dataDir) {
        String type =
                new SettingText("lilio.metadata.type", written.type())
                        .oneOf("memory", "rocksdb", "etcd");
        return switch (type) {
            case "memory" -> new Metadata.InMemory();
            case "etcd" -> new Metadata.Shared(etcd(written.etcd()));
            default ->
                    new Metadata.Embedded(
                            written.path()
                                    .map(
                                            path ->
                                                    new SettingText("lilio.metadata.path", path)
                                                            .path())
                                    .orElse(dataDir.resolve("metadata")));
        };
    }

    private static EtcdSettings etcd(LilioConfig.Etcd written) {
        SettingText prefix = new SettingText("lilio.metadata.etcd.prefix", written.prefix());
        if (!written.prefix().matches("[!-~]{1,255}")) {
            throw prefix.refuse("1 to 255 characters of ASCII without spaces, such as /lilio/");
        }
        List<String> endpoints = written.endpoints().orElse(List.of());
        return new EtcdSettings(
                endpoints(endpoints),
                prefix.text(),
                login(written),
                tls(written.tls(), endpoints),
                new EtcdSettings.Limits(
                        new SettingText("lilio.metadata.etcd.timeout", written.timeout())
                                .time(Duration.ofSeconds(1), Duration.ofMinutes(1)),
                        new SettingText("lilio.metadata.etcd.quota", written.quota())
                                .bytes(16L << 20, 1L << 40)));
    }

    private static List<String> endpoints(List<String> written) {
        List<String> endpoints = new ArrayList<>();
        for (String each : written) {
            String endpoint = each.strip().replaceFirst("^https?://", "");
            if (!endpoint.matches("\\S+:\\d{1,5}")) {
                throw new SettingText(ENDPOINTS, each).refuse(ENDPOINT_RULE);
            }
            endpoints.add(endpoint);
        }
        if (endpoints.isEmpty()) {
            throw new InvalidSettingException(
                    ENDPOINTS
                            + " has to be "
                            + ENDPOINT_RULE
                            + ", since lilio.metadata.type is etcd.");
        }
        return endpoints;
    }

    private static Optional<EtcdSettings.Login> login(LilioConfig.Etcd written) {
        if (written.user().isEmpty()) {
            if (written.password().isPresent() || written.passwordFile().isPresent()) {
                throw new InvalidSettingException(
                        "lilio.metadata.etcd.password and lilio.metadata.etcd.password-file need"
                                + " lilio.metadata.etcd.user.");
            }
            return Optional.empty();
        }
        String password =
                written.passwordFile()
                        .map(
                                file ->
                                        new SettingText("lilio.metadata.etcd.password-file", file)
                                                .content())
                        .or(written::password)
                        .orElseThrow(
                                () ->
                                        new InvalidSettingException(
                                                "lilio.metadata.etcd.user needs"
                                                        + " lilio.metadata.etcd.password or"
                                                        + " lilio.metadata.etcd.password-file."));
        return Optional.of(new EtcdSettings.Login(written.user().get(), password));
    }

    /** On when endpoints say so, or certificates are named. */
    private static Optional<PemFiles> tls(LilioConfig.Etcd.Tls written, List<String> endpoints) {
        Optional<Path> authority =
                written.ca().map(file -> new SettingText(TLS + "ca", file).pem());
        if (written.certificate().isPresent() != written.key().isPresent()) {
            throw new InvalidSettingException(
                    TLS + "certificate and " + TLS + "key have to be set both or not at all.");
        }
        Optional<PemFiles.Pair> client =
                written.certificate()
                        .map(
                                file ->
                                        new PemFiles.Pair(
                                                new SettingText(TLS + "certificate", file).pem(),
                                                new SettingText(
                                                                TLS + "key",
                                                                written.key().orElseThrow())
                                                        .pem()));
        boolean named = authority.isPresent() || client.isPresent();
        return isSecure(endpoints, named)
                ? Optional.of(new PemFiles(authority, client))
                : Optional.empty();
    }

    /**
     * Whether endpoints are spoken to with TLS. All of them are, or none.
     *
     * @param certificates whether any are named
     */
    private static boolean isSecure(List<String> endpoints, boolean certificates) {
        boolean secure = certificates;
        for (String each : endpoints) {
            secure |= each.strip().startsWith("https://");
        }
        for (String each : endpoints) {
            if (secure && each.strip().startsWith("http://")) {
                throw new SettingText(ENDPOINTS, each)
                        .refuse("https://, as others or " + TLS + "* say");
            }
        }
        return secure;
    }
}
