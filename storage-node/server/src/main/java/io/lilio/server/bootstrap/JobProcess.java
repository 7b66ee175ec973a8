package io.lilio.server.bootstrap;

import io.lilio.catalog.operation.Operation;
import io.lilio.maintenance.Maintenance;
import io.lilio.maintenance.run.RequestedRuns;
import io.lilio.maintenance.run.TaskKind;
import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.placement.EndedOperation;
import io.lilio.placement.Ring;
import io.lilio.placement.RingOperation;
import io.lilio.server.bootstrap.config.LilioConfig;
import io.lilio.server.bootstrap.config.NodeSettings;
import io.lilio.server.bootstrap.config.SettingsReader;
import io.lilio.server.metrics.NodeMetrics;
import io.quarkus.runtime.QuarkusApplication;
import java.time.Duration;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A process that carries out one run of maintenance and ends: no port is opened. The run's record
 * in the metadata is the result; the exit code repeats it. At SIGTERM the run is left off, and goes
 * on with the next process that is given its id.
 */
public class JobProcess implements QuarkusApplication {

    /** Exit code: the arguments are wrong. */
    static final int WRONG_ARGUMENTS = 2;

    /** Exit code: the run failed. */
    static final int FAILED = 3;

    /** Exit code: somebody wanted the run to end. */
    static final int CANCELLED = 4;

    /** Exit code: the run is left off, as at SIGTERM. */
    static final int LEFT_OFF = 5;

    /** Exit code: all was done that could be done, and work is left. */
    static final int INCOMPLETE = 6;

    /** Exit code: the metadata did not answer for long, and the run is left off. */
    static final int METADATA_AWAY = 7;

    private static final Logger LOG = LoggerFactory.getLogger(JobProcess.class);

    private static final Duration CLOSING = Duration.ofSeconds(20);

    private final LilioConfig config;
    private final NodeMetrics metrics;
    private final OrderlyEnd end;

    JobProcess(LilioConfig config, NodeMetrics metrics, OrderlyEnd end) {
        this.config = config;
        this.metrics = metrics;
        this.end = end;
    }

    @Override
    public int run(String... arguments) {
        JobArguments job = JobArguments.parse(arguments);
        end.begun(CLOSING);
        return LilioProcess.refusing(
                end,
                () -> {
                    NodeSettings settings = SettingsReader.read(config).forJob(job.operation());
                    StorageNode node =
                            LilioProcess.open(settings, StorageNode.Duty.ONE_RUN, metrics);
                    try {
                        return carryOut(job, node);
                    } catch (MetadataUnavailableException away) {
                        System.err.println(
                                "Operation %s is left off, and goes on with whoever takes it up: %s."
                                        .formatted(job.operation(), away.getMessage()));
                        return METADATA_AWAY;
                    } finally {
                        close(node);
                    }
                });
    }

    /** What became of the run is told already, so this changes nothing of it. */
    private static void close(StorageNode node) {
        try {
            node.close();
        } catch (IllegalStateException unclean) {
            LOG.warn("{}", unclean.getMessage(), unclean);
        }
    }

    private int carryOut(JobArguments job, StorageNode node) {
        Maintenance maintenance = node.maintenance();
        end.whenAsked(maintenance::close);
        RequestedRuns runs = maintenance.requested();
        if (isMistyped(job, runs, node.forAdmin().cluster().ring().current().ring())) {
            System.err.println(
                    "Nobody has asked for a rebalance "
                            + job.operation()
                            + ", and no change of the ring has that id: nothing is done.");
            return WRONG_ARGUMENTS;
        }
        Operation run = runs.request(job.operation(), job.kind(), job.maxBytesPerSecond());
        if (!run.kind().equals(job.kind().id())) {
            System.err.println(
                    "Operation " + run.id() + " is of kind " + run.kind() + ": nothing is done.");
            return WRONG_ARGUMENTS;
        }
        try {
            run = runs.carryOut(run.id(), job.maxBytesPerSecond());
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
        System.out.println(
                "Operation %s (%s): %s %s %s"
                        .formatted(run.id(), run.kind(), run.state(), run.counts(), run.message())
                        .strip());
        return switch (run.state()) {
            case SUCCEEDED -> 0;
            case INCOMPLETE -> INCOMPLETE;
            case FAILED -> FAILED;
            case CANCELLED -> CANCELLED;
            case REQUESTED, RUNNING -> LEFT_OFF;
        };
    }

    /** A rebalance carries out changes of the ring, and these have ids. */
    private static boolean isMistyped(JobArguments job, RequestedRuns runs, Ring ring) {
        return job.kind() == TaskKind.REBALANCE
                && runs.find(job.operation()).isEmpty()
                && changes(ring)
                        .noneMatch(change -> change.id().toString().equals(job.operation()));
    }

    private static Stream<RingOperation> changes(Ring ring) {
        return Stream.concat(
                ring.operation().stream(), ring.ended().stream().map(EndedOperation::operation));
    }
}
