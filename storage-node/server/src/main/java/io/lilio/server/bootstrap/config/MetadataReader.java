package io.lilio.server.bootstrap.config;

import io.lilio.metadata.etcd.EtcdSettings;
import io.lilio.server.bootstrap.config.NodeSettings.Metadata;
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
        return new EtcdSettings(
                endpoints(written.endpoints().orElse(List.of())),
                prefix.text(),
                login(written),
                tls(written.tls()),
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

    private static Optional<EtcdSettings.Tls> tls(LilioConfig.Etcd.Tls written) {
        String key = "lilio.metadata.etcd.tls.";
        Optional<Path> authority =
                written.ca().map(file -> new SettingText(key + "ca", file).pem());
        if (written.certificate().isPresent() != written.key().isPresent()) {
            throw new InvalidSettingException(
                    key + "certificate and " + key + "key have to be set both or not at all.");
        }
        Optional<EtcdSettings.Tls.Pair> client =
                written.certificate()
                        .map(
                                file ->
                                        new EtcdSettings.Tls.Pair(
                                                new SettingText(key + "certificate", file).pem(),
                                                new SettingText(
                                                                key + "key",
                                                                written.key().orElseThrow())
                                                        .pem()));
        return authority.isEmpty() && client.isEmpty()
                ? Optional.empty()
                : Optional.of(new EtcdSettings.Tls(authority, client));
    }
}
