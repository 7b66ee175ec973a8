package io.lilio.operator.apiserver;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How often the API server was asked to write what only an operator writes, by its own metrics.
 *
 * @param byResource such as {@code liliobuckets/status}
 */
record WriteCounts(Map<String, Long> byResource) {

    private static final Set<String> WRITING =
            Set.of("POST", "PUT", "PATCH", "APPLY", "DELETE", "DELETECOLLECTION");

    /** Others are written by Kubernetes' controllers too. */
    private static final Set<String> OURS =
            Set.of(
                    "lilioclusters",
                    "liliobuckets",
                    "secrets",
                    "configmaps",
                    "services",
                    "serviceaccounts",
                    "statefulsets",
                    "cronjobs",
                    "jobs",
                    "networkpolicies",
                    "poddisruptionbudgets",
                    "servicemonitors",
                    "events");

    private static final Pattern LABEL = Pattern.compile("([a-z_]+)=\"([^\"]*)\"");

    /** Since the API server's start, from what it says under {@code /metrics}. */
    static WriteCounts parse(String metrics) {
        Map<String, Long> counts = new TreeMap<>();
        metrics.lines()
                .filter(line -> line.startsWith("apiserver_request_total{"))
                .forEach(line -> add(line, counts));
        return new WriteCounts(counts);
    }

    private static void add(String line, Map<String, Long> counts) {
        Map<String, String> labels = new TreeMap<>();
        Matcher label = LABEL.matcher(line);
        while (label.find()) {
            labels.put(label.group(1), label.group(2));
        }
        String resource = labels.getOrDefault("resource", "");
        String part = labels.getOrDefault("subresource", "");
        // Kubernetes writes the status of its own kinds.
        boolean isOurs =
                OURS.contains(resource) && (part.isEmpty() || resource.startsWith("lilio"));
        if (isOurs && WRITING.contains(labels.getOrDefault("verb", ""))) {
            long value = (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1));
            counts.merge(part.isEmpty() ? resource : resource + "/" + part, value, Long::sum);
        }
    }

    /** What has come since then; what has not changed is left out. */
    WriteCounts since(WriteCounts before) {
        Map<String, Long> more = new TreeMap<>();
        byResource.forEach(
                (resource, count) -> {
                    long now = count - before.byResource().getOrDefault(resource, 0L);
                    if (now != 0) {
                        more.put(resource, now);
                    }
                });
        return new WriteCounts(more);
    }

    long of(String resource) {
        return byResource.getOrDefault(resource, 0L);
    }
}
