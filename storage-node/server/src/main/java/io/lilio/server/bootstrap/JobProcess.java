package io.lilio.server.bootstrap;

import io.lilio.catalog.operation.Operation;
import io.lilio.maintenance.Maintenance;
import io.lilio.maintenance.run.RequestedRuns;
import io.lilio.server.bootstrap.config.LilioConfig;
import io.lilio.server.bootstrap.config.NodeSettings;
import io.lilio.server.bootstrap.config.SettingsReader;
import io.lilio.server.metrics.NodeMetrics;
import io.quarkus.runtime.QuarkusApplication;
import java.time.Duration;

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
                    try (StorageNode node =
                            LilioProcess.open(settings, StorageNode.Duty.ONE_RUN, metrics)) {
                        return carryOut(job, node.maintenance());
                    }
                });
    }

    private int carryOut(JobArguments job, Maintenance maintenance) {
        end.whenAsked(maintenance::close);
        RequestedRuns runs = maintenance.requested();
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
}
