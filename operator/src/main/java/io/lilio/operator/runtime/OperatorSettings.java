package io.lilio.operator.runtime;

import io.lilio.operator.dependent.IngressPolicy;
import io.quarkus.runtime.configuration.DurationConverter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The settings, read and checked.
 *
 * @param namespaces where resources are looked after; none: everywhere
 * @param self the operator's own namespace and labels
 * @param identity the name of this pod
 * @param resync how often each resource is looked at, 10 s to an hour
 * @param leaderElection whether replicas agree on one of them
 * @param etcdImage the image of managed etcds
 */
record OperatorSettings(
        Set<String> namespaces,
        IngressPolicy.Operator self,
        String identity,
        Duration resync,
        boolean leaderElection,
        String etcdImage) {

    private static final Duration SHORTEST_RESYNC = Duration.ofSeconds(10);
    private static final Duration LONGEST_RESYNC = Duration.ofHours(1);

    private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
    private static final Pattern LABEL =
            Pattern.compile(
                    "([a-z0-9][-a-z0-9.]{0,252}/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?"
                            + "=([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?");

    OperatorSettings {
        namespaces = Set.copyOf(namespaces);
    }

    /**
     * Checks all settings.
     *
     * @throws InvalidSettingException for the first that is wrong
     */
    static OperatorSettings read(OperatorConfig config) {
        return new OperatorSettings(
                config.namespaces().orElse(List.of()).stream()
                        .map(String::strip)
                        .filter(each -> !each.isEmpty())
                        .map(each -> namespace("namespaces", each))
                        .collect(Collectors.toUnmodifiableSet()),
                new IngressPolicy.Operator(
                        namespace("namespace", given("namespace", config.namespace())),
                        labels(config.labels())),
                given("identity", config.identity()),
                resync(config.resync()),
                flag("leader-election", config.leaderElection()),
                given("etcd-image", config.etcdImage()));
    }

    /** The same of fewer namespaces, of at least one. */
    OperatorSettings in(Set<String> some) {
        return new OperatorSettings(some, self, identity, resync, leaderElection, etcdImage);
    }

    private static String given(String name, Optional<String> value) {
        return value.map(String::strip)
                .filter(text -> !text.isEmpty())
                .orElseThrow(
                        () ->
                                new InvalidSettingException(
                                        "lilio.operator." + name + " is not set, but has to be."));
    }

    private static String namespace(String name, String value) {
        if (!NAMESPACE.matcher(value).matches()) {
            throw wrong(name, value, "named as a namespace is");
        }
        return value;
    }

    private static Map<String, String> labels(String text) {
        Map<String, String> labels = new TreeMap<>();
        for (String each : text.strip().split(",", -1)) {
            if (!LABEL.matcher(each.strip()).matches()) {
                throw wrong("labels", text, "labels as in a=b,c=d, at least one");
            }
            int equals = each.indexOf('=');
            labels.put(each.substring(0, equals).strip(), each.substring(equals + 1).strip());
        }
        return labels;
    }

    private static Duration resync(String text) {
        Duration duration = duration(text);
        if (duration == null
                || duration.compareTo(SHORTEST_RESYNC) < 0
                || duration.compareTo(LONGEST_RESYNC) > 0) {
            throw wrong("resync", text, "a time from 10s to 1h");
        }
        return duration;
    }

    private static @Nullable Duration duration(String text) {
        try {
            return DurationConverter.parseDuration(text.strip());
        } catch (IllegalArgumentException unreadable) {
            return null;
        }
    }

    private static boolean flag(String name, String text) {
        return switch (text.strip()) {
            case "true" -> true;
            case "false" -> false;
            default -> throw wrong(name, text, "true or false");
        };
    }

    private static InvalidSettingException wrong(String name, String value, String allowed) {
        return new InvalidSettingException(
                "lilio.operator." + name + " is \"" + value + "\", but has to be " + allowed + ".");
    }
}
