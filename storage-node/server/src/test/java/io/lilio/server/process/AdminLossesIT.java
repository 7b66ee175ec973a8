package io.lilio.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * What the admin API of a real process tells of losses: of five members with copies on three, two
 * are to be lost, and with them two of the three copies of about a third of all chunks.
 */
class AdminLossesIT {

    private static final int OBJECTS = 60;
    private static final String BUCKET = "photos";

    @TempDir static Path directory;
    private static ServerProcess server;
    private static Curl root;
    private static List<String> members;

    @BeforeAll
    static void start() throws Exception {
        Map<String, String> settings = new HashMap<>();
        settings.put("LILIO_METADATA_TYPE", "memory");
        for (int i = 0; i < 5; i++) {
            settings.put("LILIO_BACKENDS_" + i + "__NAME", "memory-" + i);
            settings.put("LILIO_BACKENDS_" + i + "__TYPE", "memory");
            settings.put("LILIO_BACKENDS_" + i + "__CAPACITY", "16M");
        }
        server = ServerProcess.start(directory.resolve("data"), settings);
        root = Curl.ofRoot(server);
        members =
                texts(root.get("/v1/ring").is(200).body().at("/members"), "id").stream()
                        .sorted()
                        .toList();
        try (S3Client s3 = Clients.withoutRetries(server.endpoint())) {
            s3.createBucket(b -> b.bucket(BUCKET));
            for (int i = 0; i < OBJECTS; i++) {
                put(s3, "object-%02d".formatted(i), 5_000);
                put(s3, "inline-%02d".formatted(i), 10);
            }
        }
    }

    private static void put(S3Client s3, String key, int size) {
        s3.putObject(b -> b.bucket(BUCKET).key(key), RequestBody.fromBytes(new byte[size]));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static List<String> texts(JsonNode list, String field) {
        return StreamSupport.stream(list.spliterator(), false)
                .map(each -> each.path(field).asText())
                .toList();
    }

    /** With parameters in the order in which they are signed. */
    private static Curl.Answer losses(String parameters, String... lost) throws Exception {
        String query = parameters;
        for (String member : lost) {
            query += (query.isEmpty() ? "" : "&") + "member=" + member;
        }
        return root.get("/v1/ring/losses" + (query.isEmpty() ? "" : "?" + query));
    }

    private static Curl.Answer loseTwo(String more) throws Exception {
        return root.post(
                "/v1/ring/mark-lost",
                "{\"operationId\":\"%s\",\"expectedEpoch\":%s,\"members\":[\"%s\",\"%s\"]%s}"
                        .formatted(
                                UUID.randomUUID(),
                                root.get("/v1/ring").is(200).at("/epoch"),
                                members.get(0),
                                members.get(1),
                                more));
    }

    @Test
    void whatMayBeLostIsListedAndNamedInTheRefusalUntilItIsAccepted() throws Exception {
        List<String> keys = listed();
        assertThat(paged()).isEqualTo(keys);
        Curl.Answer one = losses("", members.get(0)).is(200);
        assertThat(one.at("/partitions")).as("one of three copies").isEqualTo("0");
        assertThat(one.body().at("/objects")).isEmpty();
        namedInTheRefusal(keys);
        loseTwo(",\"acceptDataLoss\":true").is(200);
        losses("limit=1", members.get(0), members.get(1)).is(200); // until all is moved
    }

    private static List<String> listed() throws Exception {
        Curl.Answer all = losses("", members.get(0), members.get(1)).is(200);
        assertThat(all.body().at("/partitions").asInt())
                .isPositive()
                .isLessThan(ServerProcess.PARTITIONS);
        assertThat(all.body().has("next")).isFalse();
        assertThat(all.body().at("/objects"))
                .hasSizeBetween(1, OBJECTS - 1)
                .allSatisfy(
                        found -> {
                            assertThat(found.at("/bucket").asText()).isEqualTo(BUCKET);
                            assertThat(found.at("/key").asText()).startsWith("object-");
                            assertThat(found.at("/versionId").asText()).isEqualTo("null");
                            assertThat(found.has("uploadId")).isFalse();
                        });
        return texts(all.body().at("/objects"), "key");
    }

    private static List<String> paged() throws Exception {
        List<String> paged = new ArrayList<>();
        String after = "";
        while (true) {
            Curl.Answer page = losses(after + "limit=2", members.get(0), members.get(1)).is(200);
            paged.addAll(texts(page.body().at("/objects"), "key"));
            if (!page.body().has("next")) {
                return paged;
            }
            after = "after=" + page.at("/next") + "&";
        }
    }

    @Test
    void badInputAndOthersThanAdministratorsAreRefused() throws Exception {
        String one = members.get(0);
        losses("").refused(400, "InvalidField");
        losses("", IntStream.range(0, 101).mapToObj(_ -> one).toArray(String[]::new))
                .refused(400, "InvalidField");
        assertThat(losses("", "nonsense").refused(400, "InvalidField").at("/field"))
                .isEqualTo("member");
        losses("", UUID.randomUUID().toString()).refused(404, "UnknownMember");
        losses("limit=0", one).refused(400, "InvalidField");
        losses("limit=1001", one).refused(400, "InvalidField");
        assertThat(losses("after=nonsense", one).refused(400, "InvalidField").at("/field"))
                .isEqualTo("after");
        root.unsigned("/v1/ring/losses?member=" + one).refused(401, "NotSigned");
        Curl.Answer key = root.post("/v1/keys", "{\"role\":\"read-write\"}").is(200);
        root.as(key.at("/key/id"), key.at("/secret"))
                .get("/v1/ring/losses?member=" + one)
                .refused(403, "NotAdministrator");
    }

    private static void namedInTheRefusal(List<String> keys) throws Exception {
        Curl.Answer refused = loseTwo("").refused(422, "DataLoss");
        String message = refused.at("/message");
        keys.stream().limit(5).forEach(key -> assertThat(message).contains(BUCKET + "/" + key));
        keys.stream()
                .skip(5)
                .forEach(key -> assertThat(message).doesNotContain(BUCKET + "/" + key));
        if (keys.size() > 5) {
            assertThat(message).contains("GET /v1/ring/losses");
        }
        assertThat(loseTwo("").refused(422, "DataLoss").at("/message")).isEqualTo(message);
    }
}
