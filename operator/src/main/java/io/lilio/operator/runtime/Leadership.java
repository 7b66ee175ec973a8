package io.lilio.operator.runtime;

import io.fabric8.kubernetes.client.extended.leaderelection.LeaderCallbacks;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfiguration;
import io.javaoperatorsdk.operator.api.config.LeaderElectionConfigurationBuilder;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which replica acts: the one that has the Lease. One that loses it ends at once, in the middle of
 * whatever it does, since the next one begins; for the time in which there may be two, see DESIGN
 * §13, rule 3. Thread-safe.
 */
final class Leadership {

    private static final Logger LOG = LoggerFactory.getLogger(Leadership.class);

    private static final String LEASE = "lilio-operator";

    private final Consumer<Boolean> told;
    private final Runnable exit;
    private volatile boolean leaving;

    /**
     * @param told whether this replica is the one
     * @param exit ends the process, without waiting for anything
     */
    Leadership(Consumer<Boolean> told, Runnable exit) {
        this.told = told;
        this.exit = exit;
    }

    LeaderElectionConfiguration election(OperatorSettings settings) {
        return LeaderElectionConfigurationBuilder.aLeaderElectionConfiguration(LEASE)
                .withLeaseNamespace(settings.self().namespace())
                .withIdentity(settings.identity())
                .withLeaderCallbacks(
                        new LeaderCallbacks(
                                this::begin, this::lose, leader -> LOG.info("{} leads", leader)))
                // By System.exit, which would wait for itself when the Lease is given up at the
                // end.
                .withExitOnStopLeading(false)
                .build();
    }

    /** This replica acts. */
    void begin() {
        told.accept(true);
    }

    /** From now on the Lease is given up on purpose. */
    void leave() {
        leaving = true;
    }

    void lose() {
        told.accept(false);
        if (!leaving) {
            LOG.error("The Lease is lost: this process ends, so that another one acts alone");
            exit.run();
        }
    }
}
