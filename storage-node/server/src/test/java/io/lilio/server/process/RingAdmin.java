package io.lilio.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/**
 * The ring as an administrator sees and changes it, by the admin API of one node. Waits are
 * generous: what does not come in minutes does not come.
 */
record RingAdmin(Curl api) {

    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /** Bytes per second: as fast as it goes. */
    private static final long AT_ONCE = 10_000_000_000L;

    static RingAdmin of(ServerProcess node) {
        return new RingAdmin(Curl.ofRoot(node));
    }

    JsonNode ring() throws IOException, InterruptedException {
        return patiently(() -> api.get("/v1/ring")).is(200).body();
    }

    private interface Request {
        Curl.Answer send() throws IOException, InterruptedException;
    }

    /** Asks again while the answer is that the metadata do not answer, which changes nothing. */
    private static Curl.Answer patiently(Request request) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        Curl.Answer answer = request.send();
        while (answer.status() == 503 && System.nanoTime() < deadline) {
            Thread.sleep(500);
            answer = request.send();
        }
        return answer;
    }

    /** Under whatever epoch is the newest. */
    void command(String what, String fields) throws IOException, InterruptedException {
        tries(what, fields).is(200);
    }

    /** The same, which may be refused. */
    Curl.Answer tries(String what, String fields) throws IOException, InterruptedException {
        return tries(what, UUID.randomUUID().toString(), ring().path("epoch").asLong(), fields);
    }

    /** Of somebody who looked at the ring when it had an epoch. */
    Curl.Answer tries(String what, String operation, long epoch, String fields)
            throws IOException, InterruptedException {
        String more = fields.isEmpty() ? "" : "," + fields;
        String command =
                "{\"operationId\":\"%s\",\"expectedEpoch\":%d%s}".formatted(operation, epoch, more);
        return patiently(() -> api.post("/v1/ring/" + what, command));
    }

    /** What names members to a command. */
    static String members(String... ids) {
        return "\"members\":[%s]"
                .formatted(
                        List.of(ids).stream()
                                .map(id -> '"' + id + '"')
                                .collect(Collectors.joining(",")));
    }

    void admit(String id) throws IOException, InterruptedException {
        command("admit", admission(id));
    }

    static String admission(String id) {
        return "\"admissions\":[{\"member\":\"%s\"}]".formatted(id);
    }

    void drain(String id) throws IOException, InterruptedException {
        command("drain", members(id));
    }

    /** The member of a node. */
    JsonNode member(String node) throws IOException, InterruptedException {
        return member(node, "");
    }

    /** The first of a node's members that is in a state, or in any. */
    JsonNode member(String node, String state) throws IOException, InterruptedException {
        JsonNode members = ring().path("members");
        return StreamSupport.stream(members.spliterator(), false)
                .filter(each -> each.path("node").asText().equals(node))
                .filter(each -> state.isEmpty() || each.path("state").asText().equals(state))
                .findFirst()
                .orElseThrow(() -> new AssertionError(node + " is not in " + members));
    }

    /** The nodes that have an active member. */
    Set<String> active() throws IOException, InterruptedException {
        return StreamSupport.stream(ring().path("members").spliterator(), false)
                .filter(each -> each.path("state").asText().equals("ACTIVE"))
                .map(each -> each.path("node").asText())
                .collect(Collectors.toSet());
    }

    String id(String node) throws IOException, InterruptedException {
        return member(node).path("id").asText();
    }

    /** Every partition is where the newest epoch places it, and no change is under way. */
    void awaitConverged() throws IOException, InterruptedException {
        await("converged", ring -> ring.path("unsettled").asInt() == 0 && !hasOperation(ring));
    }

    /** More of the partitions than this share of them are where the newest epoch places them. */
    void awaitSettled(double share) throws IOException, InterruptedException {
        await(
                share + " of it settled",
                ring -> ring.path("settled").asInt() > share * ring.path("partitions").asInt());
    }

    private static boolean hasOperation(JsonNode ring) {
        return !ring.path("operation").isMissingNode() && !ring.path("operation").isNull();
    }

    JsonNode await(String what, Predicate<JsonNode> holds)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            JsonNode ring = ring();
            if (holds.test(ring)) {
                return ring;
            }
            assertThat(System.nanoTime()).as("not %s: %s", what, ring).isLessThan(deadline);
            Thread.sleep(100);
        }
    }

    /**
     * Has the nodes make all copies that are lacking, which has to succeed; then each copy has to
     * be good, and none is replaced before it was seen.
     */
    void assertWhole() throws IOException, InterruptedException {
        Curl.Answer repaired = run("repair");
        assertThat(repaired.body().at("/counts/chunks_unrepaired").asLong())
                .as(repaired.text())
                .isZero();
        Curl.Answer scrubbed = run("scrub", RingAdmin::assertNoneBad);
        assertThat(scrubbed.at("/counts/chunks_verified")).isNotEqualTo("0");
    }

    private static void assertNoneBad(Curl.Answer scrubbed) {
        assertThat(scrubbed.body().at("/counts/chunks_bad").asLong()).as(scrubbed.text()).isZero();
    }

    /** Asks for a run under an id, once however often. */
    void request(String kind, String id) throws IOException, InterruptedException {
        ask("{\"kind\":\"%s\",\"id\":\"%s\"}".formatted(kind, id));
    }

    private void ask(String asked) throws IOException, InterruptedException {
        patiently(() -> api.post("/v1/operations", asked)).is(200);
    }

    /** A run as it is now. */
    Curl.Answer operation(String id) throws IOException, InterruptedException {
        return patiently(() -> api.get("/v1/operations/" + id)).is(200);
    }

    /** Has the nodes carry out runs of maintenance until one has succeeded. */
    Curl.Answer run(String kind) throws IOException, InterruptedException {
        return run(kind, _ -> {});
    }

    /**
     * The same.
     *
     * @param each is shown every run that has ended
     */
    private Curl.Answer run(String kind, Consumer<Curl.Answer> each)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            Curl.Answer ended = runOnce(kind, deadline);
            each.accept(ended);
            if (ended.at("/state").equals("SUCCEEDED")) {
                return ended;
            }
            assertThat(ended.at("/state")).as(ended.text()).isEqualTo("INCOMPLETE");
        }
    }

    /** Has the nodes carry out one run; how it ended. */
    Curl.Answer runOnce(String kind) throws IOException, InterruptedException {
        return runOnce(kind, System.nanoTime() + PATIENCE.toNanos());
    }

    private Curl.Answer runOnce(String kind, long deadline)
            throws IOException, InterruptedException {
        String id = kind + "-" + UUID.randomUUID();
        ask(
                "{\"kind\":\"%s\",\"id\":\"%s\",\"maxBytesPerSecond\":%d}"
                        .formatted(kind, id, AT_ONCE));
        return awaitEnd(id, deadline);
    }

    private Curl.Answer awaitEnd(String id, long deadline)
            throws IOException, InterruptedException {
        while (true) {
            Curl.Answer run = operation(id);
            assertThat(System.nanoTime()).as(run.text()).isLessThan(deadline);
            if (!List.of("REQUESTED", "RUNNING").contains(run.at("/state"))) {
                return run;
            }
            Thread.sleep(300);
        }
    }

    /** Waits until exactly these nodes have a session. */
    void awaitNodes(String... names) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            JsonNode nodes = patiently(() -> api.get("/v1/nodes")).is(200).body();
            List<String> found =
                    StreamSupport.stream(nodes.spliterator(), false)
                            .map(node -> node.path("name").asText())
                            .sorted()
                            .toList();
            if (found.equals(List.of(names))) {
                return;
            }
            assertThat(System.nanoTime()).as("%s", nodes).isLessThan(deadline);
            Thread.sleep(200);
        }
    }
}
