package io.lilio.server.bootstrap;

import io.lilio.metadata.etcd.EtcdMetadataStore;
import java.util.LinkedHashMap;
import java.util.Map;

/** What is said of the etcd that holds the metadata. */
final class EtcdHealth {

    private EtcdHealth() {}

    /** The state first: UP, or DOWN, since when, and why; then how full it is, and its alarms. */
    static Map<String, String> describe(EtcdMetadataStore.Status status) {
        Map<String, String> said = new LinkedHashMap<>();
        said.put(
                "etcd",
                status.away()
                        .map(away -> "DOWN since %s: %s".formatted(away.since(), away.why()))
                        .orElse("UP"));
        said.put(
                "space",
                "%d of %d bytes are in use%s"
                        .formatted(
                                status.usedBytes(),
                                status.quotaBytes(),
                                status.nearlyFull()
                                        ? "; warning: new objects are refused until some are"
                                                + " deleted and etcd's history is compacted"
                                        : ""));
        if (!status.troubles().isEmpty()) {
            said.put("alarms", String.join("; ", status.troubles()));
        }
        return said;
    }
}
