package io.lilio.operator.runtime;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.util.List;
import java.util.Optional;

/**
 * Every setting of the operator, as text: from environment variables ({@code
 * LILIO_OPERATOR_NAMESPACES}) or system properties. What the texts may be is decided in {@link
 * OperatorSettings#read}.
 */
@ConfigMapping(prefix = "lilio.operator")
public interface OperatorConfig {

    /** Where resources are looked after; everywhere unless given. */
    Optional<List<String>> namespaces();

    /** The operator's own, which NetworkPolicies let in and its lease is in. */
    Optional<String> namespace();

    /** Labels that select the operator's pods, as {@code key=value,key=value}. */
    @WithDefault("app.kubernetes.io/name=lilio-operator")
    String labels();

    /** The name of this pod: another one for each replica. */
    Optional<String> identity();

    /** How often each resource is looked at even if nothing was heard of it. */
    @WithDefault("5m")
    String resync();

    /** Whether replicas agree on one of them; without it there has to be one alone. */
    @WithDefault("true")
    String leaderElection();

    /** The image of managed etcds, 3.5 or newer. */
    Optional<String> etcdImage();

    Log log();

    /** What is logged, which Quarkus reads. */
    interface Log {
        @WithDefault("INFO")
        String level();

        /** One JSON object a line in place of text. */
        @WithDefault("false")
        String json();
    }
}
