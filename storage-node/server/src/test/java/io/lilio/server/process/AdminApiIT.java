package io.lilio.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.s3.S3Client;

/** The admin API of a real process: who may use it, what it shows, how it takes bad input. */
class AdminApiIT {

    private static final String PARTITIONS = String.valueOf(ServerProcess.PARTITIONS);

    @TempDir static Path directory;
    private static ServerProcess server;
    private static Curl root;

    @BeforeAll
    static void start() throws Exception {
        server = ServerProcess.start(directory.resolve("data"), Map.of());
        root = Curl.ofRoot(server);
        try (S3Client s3 = Clients.withoutRetries(server.endpoint())) {
            s3.createBucket(b -> b.bucket("photos"));
        }
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void theRingShowsItsMembersAndWhatEachHolds() throws Exception {
        Curl.Answer ring = root.get("/v1/ring").is(200);
        assertThat(ring.at("/epoch")).isEqualTo("1");
        assertThat(ring.at("/partitions")).isEqualTo(PARTITIONS);
        assertThat(ring.at("/virtualNodes")).isEqualTo("150");
        assertThat(ring.at("/settled")).isEqualTo(PARTITIONS);
        assertThat(ring.at("/unsettled")).isEqualTo("0");
        assertThat(ring.at("/replication/factor")).isEqualTo("3");
        assertThat(ring.body().at("/members")).hasSize(3);
        for (JsonNode member : ring.body().at("/members")) {
            assertThat(member.at("/state").asText()).isEqualTo("ACTIVE");
            assertThat(member.at("/node").asText()).isEqualTo("local");
            assertThat(member.at("/partitions").asText()).isEqualTo(PARTITIONS);
        }
        assertThat(ring.body().has("operation")).isFalse();
    }

    @Test
    void theClusterItsNodesAndItsMembersTellHowTheyFare() throws Exception {
        Curl.Answer cluster = root.get("/v1/cluster").is(200);
        assertThat(cluster.at("/node")).isEqualTo("local");
        assertThat(cluster.at("/metadata/type")).isEqualTo("rocksdb");
        assertThat(cluster.at("/metadata/healthy")).isEqualTo("true");
        assertThat(cluster.at("/featureLevel")).isEqualTo("1");
        assertThat(cluster.at("/version")).isNotBlank();
        Curl.Answer nodes = root.get("/v1/nodes").is(200);
        assertThat(nodes.body()).hasSize(1);
        assertThat(nodes.at("/0/name")).isEqualTo("local");
        assertThat(nodes.body().at("/0/mark").asLong()).isPositive();
        Curl.Answer members = root.get("/v1/members").is(200);
        assertThat(members.body()).hasSize(3);
        for (JsonNode member : members.body()) {
            assertThat(member.at("/health/state").asText()).isEqualTo("UP");
            assertThat(member.at("/health/capacityBytes").asLong()).isPositive();
            assertThat(member.at("/usage/unconfirmed").isNumber()).isTrue();
            assertThat(member.at("/usage/lacking").isBoolean()).isTrue();
            assertThat(member.at("/calls/reads").asText()).isEqualTo("CLOSED");
            assertThat(member.at("/local").asBoolean()).isTrue();
        }
    }

    @Test
    void theDeletionBrakeIsShownAndOnlyItsTokenReleasesIt() throws Exception {
        assertThat(root.get("/v1/brake").is(200).at("/engaged")).isEqualTo("false");
        root.post("/v1/brake/acknowledge", "{\"token\":\"abcdabcd\"}").refused(409, "Conflict");
        root.post("/v1/brake/acknowledge", "{\"token\":\"nonsense!\"}")
                .refused(400, "InvalidField");
        root.post("/v1/brake/acknowledge", "{}").refused(400, "InvalidField");
    }

    @Test
    void theOpenApiDocumentIsServedToEverybodyWhoHasAKey() throws Exception {
        assertThat(root.get("/openapi").is(200).text()).contains("/v1/ring", "/v1/keys");
        Curl.Answer key = root.post("/v1/keys", "{\"role\":\"read-only\"}").is(200);
        root.as(key.at("/key/id"), key.at("/secret")).get("/openapi").is(200);
        root.unsigned("/openapi").refused(401, "NotSigned");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/v1/ring",
                "/",
                "/nothing",
                "/q/openapi",
                "/v1/keys/x",
                "/v1/buckets",
                "/q/health"
            })
    void nothingIsToldWithoutASignature(String path) throws Exception {
        root.unsigned(path).refused(401, "NotSigned");
        root.unsigned(path, "-X", "OPTIONS", "-H", "Origin: http://example.org")
                .refused(401, "NotSigned");
        assertThat(root.unsigned(path, "-I").text()).contains("401").doesNotContain("Allow-Origin");
    }

    @Test
    void aWrongSecretAnUnknownKeyAndAKeyThatIsNoAdministratorsAreRefused() throws Exception {
        root.as(ServerProcess.ACCESS_KEY, "wrong")
                .get("/v1/ring")
                .refused(403, "SignatureDoesNotMatch");
        root.as("NOBODY", "wrong").get("/v1/ring").refused(403, "InvalidAccessKeyId");
        for (String json :
                new String[] {
                    "{\"role\":\"read-write\"}",
                    "{\"role\":\"admin\",\"buckets\":[\"some-bucket\"]}"
                }) {
            Curl.Answer key = root.post("/v1/keys", json).is(200);
            root.as(key.at("/key/id"), key.at("/secret"))
                    .get("/v1/ring")
                    .refused(403, "NotAdministrator");
        }
        Curl.Answer admin = root.post("/v1/keys", "{\"role\":\"admin\"}").is(200);
        root.as(admin.at("/key/id"), admin.at("/secret")).get("/v1/ring").is(200);
    }

    @Test
    void theBodyIsCoveredByTheSignatureWhateverServiceItIsSignedFor() throws Exception {
        String json = "{\"role\":\"read-only\"}";
        root.unsigned(
                        "/v1/keys",
                        "--aws-sigv4",
                        "aws:amz:us-east-1:s3",
                        "--user",
                        root.user(),
                        "--json",
                        json)
                .is(200);
        root.send("/v1/keys", "--json", json, "-H", "x-amz-content-sha256: UNSIGNED-PAYLOAD")
                .refused(400, "XAmzContentSHA256Mismatch");
        root.unsigned("/v1/ring", "--aws-sigv4", "aws:amz:us-east-1:iam", "--user", root.user())
                .refused(400, "AuthorizationHeaderMalformed");
        root.unsigned("/v1/ring", "--aws-sigv4", "aws:amz:eu-west-1:lilio", "--user", root.user())
                .refused(400, "AuthorizationHeaderMalformed");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"role\":\"read-only\",\"bukkets\":[]}|InvalidField|bukkets",
                "{\"role\":7}|InvalidField|role",
                "{\"role\":\"boss\"}|InvalidField|role",
                "{}|InvalidField|role",
                "{\"role\":\"admin\",\"buckets\":\"one\"}|InvalidField|buckets",
                "{\"role\":\"admin\",\"buckets\":[\"ok1\",\"N O\"]}|InvalidField|buckets[1]",
                "{\"role\":\"admin\",\"buckets\":[null]}|InvalidField|buckets[0]",
                "{\"role\":\"admin\",\"buckets\":[[1]]}|InvalidField|buckets[0]",
                "{\"role\":\"admin\",\"role\":\"admin\"}|BadRequest|",
                "{\"role\":\"admin\"} x|BadRequest|",
                "{\"role\":\"admin\"|BadRequest|",
                "[]|BadRequest|",
                "null|BadRequest|",
                "{\"role\":\"admin\",\"description\":\"a\\u0000b\"}|InvalidField|description",
            })
    void aBadDocumentIsRefusedNamingTheField(String json, String code, String field)
            throws Exception {
        Curl.Answer answer = root.post("/v1/keys", json).refused(400, code);
        assertThat(answer.body().path("field").asText()).isEqualTo(field == null ? "" : field);
        assertThat(answer.text()).doesNotContain("com.fasterxml", "io.lilio");
    }

    @Test
    void whatIsNoRequestOfTheApiGetsAClearError() throws Exception {
        root.get("/v1/nothing").refused(404, "NotFound");
        root.get("/").refused(404, "NotFound");
        root.delete("/v1/ring").refused(405, "MethodNotAllowed");
        root.send("/v1/keys", "-d", "role=admin").refused(415, "UnsupportedMediaType");
        root.send("/v1/keys", "-X", "POST", "-H", "Content-Type: application/json")
                .refused(400, "BadRequest");
        root.get("/v1/keys/NOSUCHKEY").refused(404, "NotFound");
        root.get("/v1/keys?limit=0").refused(400, "InvalidField");
        root.get("/v1/buckets/no-such-bucket").refused(404, "NoSuchBucket");
        root.get("/v1/buckets/NO_BUCKET").refused(404, "NoSuchBucket");
        root.get("/v1/buckets?limit=1001").refused(400, "InvalidField");
        root.delete("/v1/buckets/photos").refused(400, "InvalidField");
        root.delete("/v1/buckets/photos?contents=all&owner=x").refused(400, "InvalidField");
        root.delete("/v1/buckets/no-such-bucket?owner=x").refused(404, "NoSuchBucket");
        Path large = directory.resolve("large.json");
        Files.writeString(large, "{\"description\":\"" + "x".repeat(70_000) + "\"}");
        root.send("/v1/keys", "--json", "@" + large).refused(413, "TooLarge");
        assertThat(root.send("/v1/ring", "-I").is(200).body().isMissingNode()).isTrue();
        Curl.Answer options =
                root.send("/v1/ring", "-i", "-X", "OPTIONS", "-H", "Origin: http://example.org");
        assertThat(options.text()).doesNotContainIgnoringCase("access-control");
    }

    @Test
    void rawNonsenseOnTheSocketEndsWithAnAnswerOrAClosedConnection() throws Exception {
        for (String head :
                new String[] {
                    "GET /%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
                    "GET //v1/ring HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
                    "POST /v1/keys HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
                    "GET /v1/../v1/ring HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
                    "nonsense\r\n\r\n"
                }) {
            try (Socket socket = new Socket(server.admin().getHost(), server.admin().getPort())) {
                socket.setSoTimeout(60_000);
                socket.getOutputStream().write(head.getBytes(StandardCharsets.ISO_8859_1));
                socket.shutdownOutput();
                String answer =
                        new String(
                                socket.getInputStream().readAllBytes(),
                                StandardCharsets.ISO_8859_1);
                assertThat(answer).as(head).doesNotContain("200 OK").doesNotContain("\tat ");
            }
        }
        root.get("/v1/ring").is(200);
    }

    @Test
    void everyChangeLeavesALineInTheLogAndNoSecret() throws Exception {
        Curl.Answer key =
                root.post("/v1/keys", "{\"role\":\"read-only\",\"description\":\"audited\"}")
                        .is(200);
        String id = key.at("/key/id");
        root.post("/v1/keys/" + id + "/disable", "{}").is(200);
        root.delete("/v1/keys/" + id).is(204);
        root.as("NOBODY", "x").delete("/v1/keys/" + id).refused(403, "InvalidAccessKeyId");
        String log = server.logWith("DELETE /v1/keys/" + id + " by nobody");
        assertThat(log)
                .contains("POST /v1/keys by " + ServerProcess.ACCESS_KEY + " from 127.0.0.1: 200")
                .contains("POST /v1/keys/" + id + "/disable by " + ServerProcess.ACCESS_KEY)
                .contains("DELETE /v1/keys/" + id + " by " + ServerProcess.ACCESS_KEY)
                .doesNotContain(key.at("/secret"))
                .doesNotContain(ServerProcess.SECRET_KEY);
    }

    @Test
    void aRunIsAskedForOnceWatchedAndRemembered() throws Exception {
        String json = "{\"kind\":\"gc\",\"id\":\"tidy\"}";
        assertThat(root.post("/v1/operations", json).is(200).at("/id")).isEqualTo("tidy");
        Curl.Answer over = awaitEnd("tidy");
        assertThat(over.at("/state")).isEqualTo("SUCCEEDED");
        assertThat(over.at("/runner")).isEqualTo("local");
        assertThat(over.at("/progress/partitionsDone")).isEqualTo(PARTITIONS);
        assertThat(over.at("/progress/partitionsTotal")).isEqualTo(PARTITIONS);
        Curl.Answer again = root.post("/v1/operations", json).is(200);
        assertThat(again.at("/state")).as("it is not run again").isEqualTo("SUCCEEDED");
        assertThat(again.at("/finished")).isEqualTo(over.at("/finished"));
        assertThat(root.get("/v1/operations?kind=gc").is(200).text()).contains("\"tidy\"");
        assertThat(root.get("/v1/operations?kind=scrub").is(200).text()).doesNotContain("tidy");
        root.post("/v1/operations", "{\"kind\":\"scrub\",\"id\":\"tidy\"}")
                .refused(409, "Conflict");
        assertThat(root.post("/v1/operations/tidy/cancel", "{}").is(200).at("/state"))
                .isEqualTo("SUCCEEDED");
    }

    @Test
    void everyKindOfRunEnds() throws Exception {
        for (String kind : new String[] {"repair", "scrub", "rebalance"}) {
            String id =
                    root.post("/v1/operations", "{\"kind\":\"" + kind + "\"}").is(200).at("/id");
            assertThat(awaitEnd(id).at("/state")).as(kind).isEqualTo("SUCCEEDED");
        }
    }

    private static Curl.Answer awaitEnd(String id) throws Exception {
        while (true) {
            Curl.Answer run = root.get("/v1/operations/" + id).is(200);
            if (run.body().has("finished")) {
                return run;
            }
            assertThat(server.isAlive()).isTrue();
            Thread.sleep(100);
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"kind\":\"defrag\"}|kind",
                "{\"kind\":\"trash\"}|kind",
                "{}|kind",
                "{\"kind\":\"gc\",\"id\":\"gc\"}|id",
                "{\"kind\":\"gc\",\"id\":\"a/b\"}|id",
                "{\"kind\":\"gc\",\"maxBytesPerSecond\":1}|maxBytesPerSecond",
                "{\"kind\":\"gc\",\"maxBytesPerSecond\":\"70000\"}|maxBytesPerSecond",
                "{\"kind\":\"gc\",\"maxBytesPerSecond\":70000.5}|maxBytesPerSecond",
                "{\"kind\":\"gc\",\"maxBytesPerSecond\":99999999999999999999}|maxBytesPerSecond",
            })
    void aRunThatMakesNoSenseIsRefused(String json, String field) throws Exception {
        Curl.Answer answer = root.post("/v1/operations", json).refused(400, "InvalidField");
        assertThat(answer.at("/field")).isEqualTo(field);
    }

    @Test
    void anUnknownRunIsNotFound() throws Exception {
        root.get("/v1/operations/nothing").refused(404, "NotFound");
        root.post("/v1/operations/nothing/cancel", "{}").refused(404, "NotFound");
    }

    @Test
    void aCommandOnTheRingIsRefusedWithAReasonAndChangesNothing() throws Exception {
        Curl.Answer before = root.get("/v1/ring").is(200);
        String epoch = before.at("/epoch");
        String one = before.at("/members/0/id");
        String two = before.at("/members/1/id");
        String nobody = UUID.randomUUID().toString();
        command("drain", epoch, "\"members\":[\"" + nobody + "\"]").refused(404, "UnknownMember");
        command("drain", "99", "\"members\":[\"" + one + "\"]").refused(409, "StaleEpoch");
        command("drain", epoch, "\"members\":[\"" + one + "\",\"" + two + "\"]")
                .refused(422, "TooFewSlots");
        command("admit", epoch, "\"admissions\":[{\"member\":\"" + one + "\"}]")
                .refused(409, "WrongState");
        command("admit", epoch, "\"admissions\":[{\"member\":\"" + one + "\",\"host\":\"\"}]")
                .refused(400, "InvalidField");
        command("cancel", epoch, "\"members\":[\"" + one + "\"]").refused(400, "InvalidField");
        command("cancel", epoch, "\"acceptDataLoss\":false").refused(400, "InvalidField");
        command("drain", epoch, "\"members\":[\"nonsense\"]").refused(400, "InvalidField");
        command("drain", epoch, "\"members\":[null]").refused(400, "InvalidField");
        command("drain", epoch, "\"members\":[]").refused(400, "InvalidField");
        command("drain", "\"one\"", "\"members\":[\"" + one + "\"]").refused(400, "InvalidField");
        command("reweigh", epoch, "\"member\":\"" + one + "\",\"weight\":0")
                .refused(400, "BadArgument");
        root.post("/v1/ring/drain", "{}").refused(400, "InvalidField");
        assertThat(root.get("/v1/ring").at("/revision")).isEqualTo(before.at("/revision"));
    }

    private static Curl.Answer command(String name, String epoch, String rest) throws Exception {
        return root.post(
                "/v1/ring/" + name,
                "{\"operationId\":\"%s\",\"expectedEpoch\":%s,%s}"
                        .formatted(UUID.randomUUID(), epoch, rest));
    }

    /** The examples of docs/admin.md, word for word but for the first, which says where and who. */
    @Test
    void theDocumentedLinesWork() throws Exception {
        String document = Files.readString(ServerProcess.repository().resolve("docs/admin.md"));
        List<String> blocks =
                Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL)
                        .matcher(document)
                        .results()
                        .map(block -> block.group(1))
                        .toList();
        assertThat(blocks).hasSizeGreaterThan(5);
        assertThat(blocks.getFirst()).startsWith("export LILIO_ADMIN=");
        ProcessBuilder shell =
                new ProcessBuilder(
                                "sh",
                                "-eux",
                                "-c",
                                String.join("\n", blocks.subList(1, blocks.size())))
                        .redirectErrorStream(true);
        shell.environment().put("LILIO_ADMIN", server.admin().toString());
        shell.environment().put("LILIO_KEY", root.user());
        Process run = shell.start();
        run.getOutputStream().close();
        String output = new String(run.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(run.waitFor()).as(output).isZero();
        assertThat(output).contains("\"epoch\":", "\"secret\":", "REWEIGH", "openapi");
        while (root.get("/v1/ring").is(200).body().has("operation")) {
            Thread.sleep(100);
        }
    }
}
