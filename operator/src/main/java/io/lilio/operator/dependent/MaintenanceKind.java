package io.lilio.operator.dependent;

import io.lilio.crd.cluster.JobSpec;
import io.lilio.crd.cluster.JobsSpec;
import io.lilio.crd.cluster.LilioClusterSpec;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The kinds of maintenance that Jobs carry out. */
public enum MaintenanceKind {
    /** Begun by a change of the ring, never by the time. */
    REBALANCE("rebalance", ""),
    /** Every six hours. */
    REPAIR("repair", " */6 * * *"),
    /** Twice a month. */
    SCRUB("scrub", " 3 1,15 * *"),
    /** Every day. */
    GC("gc", " 2 * * *");

    private final String text;
    private final String defaultHours;

    MaintenanceKind(String text, String defaultHours) {
        this.text = text;
        this.defaultHours = defaultHours;
    }

    /** As the storage node's {@code job} command and the admin API have it. */
    public String text() {
        return text;
    }

    /**
     * When it begins by itself, unless the spec says so: at a minute of the hour that clusters
     * differ in, lest all begin at once. Empty when it never does.
     */
    Optional<String> defaultSchedule(Names names) {
        int minute = Math.floorMod((names.namespace() + "/" + names.cluster()).hashCode(), 60);
        return defaultHours.isEmpty() ? Optional.empty() : Optional.of(minute + defaultHours);
    }

    /** What the spec says of it. */
    Optional<JobSpec> in(LilioClusterSpec spec) {
        @Nullable JobsSpec jobs = spec.jobs();
        if (jobs == null) {
            return Optional.empty();
        }
        return Optional.ofNullable(
                switch (this) {
                    case REBALANCE -> jobs.rebalance();
                    case REPAIR -> jobs.repair();
                    case SCRUB -> jobs.scrub();
                    case GC -> jobs.gc();
                });
    }
}
