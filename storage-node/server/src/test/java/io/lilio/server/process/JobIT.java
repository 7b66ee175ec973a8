package io.lilio.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/** Runs of maintenance in processes of their own: the packaged server, started as a job. */
class JobIT {

    private static final String PARTITIONS = String.valueOf(ServerProcess.PARTITIONS);

    private static final int OBJECTS = 40;

    @TempDir static Path directory;
    private static Path data;

    /** A store whose long walks are left to jobs. */
    @BeforeAll
    static void store() throws Exception {
        data = directory.resolve("data");
        byte[] body = new byte[200_000];
        new Random(1).nextBytes(body);
        try (ServerProcess server = serve();
                S3Client s3 = Clients.withoutRetries(server.endpoint())) {
            s3.createBucket(b -> b.bucket("jobs"));
            for (int i = 0; i < OBJECTS; i++) {
                String key = "k" + i;
                s3.putObject(b -> b.bucket("jobs").key(key), RequestBody.fromBytes(body));
            }
            assertThat(server.terminate()).isIn(0, 143);
        }
    }

    private static ServerProcess serve() throws Exception {
        return ServerProcess.start(data, Map.of("LILIO_MAINTENANCE_SCHEDULER", "false"));
    }

    private record Ended(int exitCode, String output) {}

    private static Process begin(Path output, String... arguments) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(ServerProcess.repository().resolve("scripts/lilio-server").toString());
        command.addAll(List.of(arguments));
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(output.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("LILIO_DATA_DIR", data.toString());
        builder.environment().put("LILIO_ROOT_ACCESS_KEY", ServerProcess.ACCESS_KEY);
        builder.environment().put("LILIO_ROOT_SECRET_KEY", ServerProcess.SECRET_KEY);
        return builder.start();
    }

    private static void awaitTakenUp(Process job, Path output) throws Exception {
        while (!Files.readString(output).contains("is taken up")) {
            assertThat(job.isAlive()).as(Files.readString(output)).isTrue();
            Thread.sleep(20);
        }
    }

    private static Ended job(String... arguments) throws Exception {
        Path output = Files.createTempFile(directory, "job", ".log");
        int exitCode = begin(output, arguments).waitFor();
        return new Ended(exitCode, Files.readString(output));
    }

    private static Curl.Answer record(String id) throws Exception {
        try (ServerProcess server = serve()) {
            Curl.Answer run = Curl.ofRoot(server).get("/v1/operations/" + id).is(200);
            assertThat(server.terminate()).isIn(0, 143);
            return run;
        }
    }

    @Test
    void aRunThatIsAskedForWaitsForAJobWhichCarriesItOutAndItsRecordHasTheResult()
            throws Exception {
        try (ServerProcess server = serve()) {
            Curl root = Curl.ofRoot(server);
            root.post("/v1/operations", "{\"kind\":\"scrub\",\"id\":\"look\"}").is(200);
            assertThat(root.get("/v1/operations/look").is(200).at("/state")).isEqualTo("REQUESTED");
            assertThat(server.terminate()).isIn(0, 143);
        }
        Ended done = job("job", "scrub", "--operation", "look");
        assertThat(done.exitCode()).as(done.output()).isZero();
        assertThat(done.output()).contains("Operation look (scrub): SUCCEEDED");
        Curl.Answer over = record("look");
        assertThat(over.at("/state")).isEqualTo("SUCCEEDED");
        assertThat(over.at("/counts/chunks_verified")).isEqualTo(String.valueOf(3 * OBJECTS));
        assertThat(job("job", "scrub", "--operation", "look").exitCode())
                .as("it is over already")
                .isZero();
        assertThat(job("job", "gc", "--operation", "look").exitCode()).isEqualTo(2);
    }

    /** At 64 KiB per second the 24 MB take minutes: it is killed in their midst. */
    @Test
    @Tag("faults")
    void aJobThatIsKilledIsResumedByTheNextWhereItWas() throws Exception {
        Path output = directory.resolve("killed.log");
        Process job =
                begin(
                        output,
                        "job",
                        "scrub",
                        "--operation",
                        "killed",
                        "--max-bytes-per-second",
                        "65536");
        awaitTakenUp(job, output);
        Thread.sleep(15_000); // three checkpoints, and a tenth of the bytes
        assertThat(job.isAlive()).as(Files.readString(output)).isTrue();
        job.destroyForcibly().waitFor();
        Curl.Answer leftOff = record("killed");
        assertThat(leftOff.at("/state")).isEqualTo("RUNNING");
        assertThat(Long.parseLong(leftOff.at("/progress/partitionsDone"))).isPositive();
        Ended done =
                job(
                        "job",
                        "scrub",
                        "--operation",
                        "killed",
                        "--max-bytes-per-second",
                        "1000000000");
        assertThat(done.exitCode()).as(done.output()).isZero();
        Curl.Answer over = record("killed");
        assertThat(over.at("/counts/partitions")).isEqualTo(PARTITIONS);
        assertThat(over.at("/counts/chunks_verified"))
                .as("nothing is counted twice but what came after the checkpoint")
                .satisfies(n -> assertThat(Long.parseLong(n)).isGreaterThanOrEqualTo(3 * OBJECTS));
    }

    @Test
    @Tag("faults")
    void aJobEndsAtSigtermAndItsRunIsLeftOff() throws Exception {
        Path output = directory.resolve("ended.log");
        Process job =
                begin(
                        output,
                        "job",
                        "scrub",
                        "--operation",
                        "ended",
                        "--max-bytes-per-second",
                        "65536");
        awaitTakenUp(job, output);
        job.destroy();
        assertThat(job.waitFor()).as(Files.readString(output)).isEqualTo(143);
        assertThat(record("ended").at("/state")).isEqualTo("RUNNING");
    }

    @Test
    void wrongArgumentsAreToldInASentence() throws Exception {
        for (String[] wrong :
                new String[][] {
                    {"serve"}, {"job", "gc", "--operation", "a", "--max-bytes-per-second", "fast"},
                }) {
            Ended ended = job(wrong);
            assertThat(ended.exitCode()).as(ended.output()).isEqualTo(2);
            assertThat(ended.output()).contains("Usage:").doesNotContain("\tat ");
        }
    }

    /** It would carry out whatever change of the ring is under way. */
    @Test
    void aRebalanceThatNobodyKnowsOfIsRefused() throws Exception {
        Ended mistyped = job("job", "rebalance", "--operation", "mistyped");
        assertThat(mistyped.exitCode()).as(mistyped.output()).isEqualTo(2);
        assertThat(mistyped.output())
                .contains("Nobody has asked for a rebalance mistyped")
                .doesNotContain("Lilio does not start");
        try (ServerProcess server = serve()) {
            Curl root = Curl.ofRoot(server);
            root.get("/v1/operations/mistyped").refused(404, "NotFound");
            root.post("/v1/operations", "{\"kind\":\"rebalance\",\"id\":\"asked\"}").is(200);
            assertThat(server.terminate()).isIn(0, 143);
        }
        Ended asked = job("job", "rebalance", "--operation", "asked");
        assertThat(asked.exitCode()).as(asked.output()).isZero();
    }

    @Test
    void aJobDoesNotStartWhereTheServerRuns() throws Exception {
        try (ServerProcess server = serve()) {
            Ended ended = job("job", "gc", "--operation", "beside");
            assertThat(ended.exitCode()).as(ended.output()).isEqualTo(1);
            assertThat(ended.output()).contains("Lilio does not start: ");
            assertThat(server.terminate()).isIn(0, 143);
        }
    }
}
