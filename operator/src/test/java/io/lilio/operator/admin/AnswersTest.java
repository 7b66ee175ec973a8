package io.lilio.operator.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What comes from a node. */
class AnswersTest {

    private static final CallLimits LIMITS =
            new CallLimits(Duration.ofSeconds(2), Duration.ofSeconds(10), 16 << 10);

    private final FakeNode node = new FakeNode();
    private final SignedAdminApis apis = new SignedAdminApis(Clock.systemUTC(), LIMITS);
    private final AdminApi api =
            apis.of(List.of(node.uri()), new AdminApis.Credentials("ROOT", "secret", "us-east-1"));

    @AfterEach
    void end() {
        apis.close();
        node.close();
    }

    @Test
    void documentsAreRead() {
        node.with(200, Documents.RING);

        var ring = api.ring().ring();

        assertThat(ring.epoch()).isEqualTo(4);
        assertThat(ring.members().getFirst().id())
                .isEqualTo(UUID.fromString("0f2f1d6e-6a0c-4d3e-9a57-3f4f6a1c0002"));
        assertThat(ring.operation()).isNull();
    }

    @Test
    void listsAndTimesAreRead() {
        node.with(200, "[" + Documents.OPERATION + "]");

        var runs = api.operations().list("scrub");

        assertThat(runs).hasSize(1);
        assertThat(runs.getFirst().requested()).isEqualTo(Instant.parse("2026-11-30T09:22:00Z"));
        assertThat(runs.getFirst().finished()).isNull();
        assertThat(runs.getFirst().counts()).containsEntry("read", 1L);
        assertThat(node.last().target()).isEqualTo("/v1/operations?kind=scrub");
    }

    @Test
    void fieldsOfALaterReleaseArePassedOver() {
        node.with(200, Documents.CLUSTER.replace("\"node\"", "\"later\":{\"a\":[1,{}]},\"node\""));

        assertThat(api.cluster().cluster().node()).isEqualTo("demo-0");
    }

    @Test
    void aCallWithoutAnAnswerTakesAnyThatIsASuccess() {
        node.with(204, "");
        assertThatCode(() -> api.keys().delete("AK1")).doesNotThrowAnyException();
        assertThat(node.last().method()).isEqualTo("DELETE");
        assertThat(node.last().target()).isEqualTo("/v1/keys/AK1");

        node.with(200, "");
        assertThatCode(() -> api.keys().delete("AK1")).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "null",
                "<html>Welcome</html>",
                "[]",
                "\"text\"",
                "{}",
                "{\"id\":",
                "{\"id\":\"0f2f1d6e-6a0c-4d3e-9a57-3f4f6a1c0001\",\"node\":\"demo-0\"}"
            })
    void whatIsNoAnswerIsNotUnderstood(String body) {
        node.with(200, body);

        assertThatThrownBy(() -> api.cluster().cluster())
                .isInstanceOf(AdminApiUnreachableException.class)
                .hasMessageContaining(node.uri().toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\"featureLevel\":1 -> \"featureLevel\":null",
                "\"featureLevel\":1 -> \"level\":1",
                "\"featureLevel\":1 -> \"featureLevel\":\"1\"",
                "\"featureLevel\":1 -> \"featureLevel\":1.5",
                "\"healthy\":true -> \"ill\":true",
                "\"healthy\":true -> \"healthy\":1",
                "\"type\":\"etcd\" -> \"kind\":\"etcd\"",
                "\"node\":\"demo-0\" -> \"node\":null",
                "\"0f2f1d6e-6a0c-4d3e-9a57-3f4f6a1c0001\" -> \"\"",
                "\"0f2f1d6e-6a0c-4d3e-9a57-3f4f6a1c0001\" -> \"somebody\"",
                "\"0f2f1d6e-6a0c-4d3e-9a57-3f4f6a1c0001\" -> null",
                "42}} -> 42}} more"
            })
    void anAnswerThatLacksWhatItsRecordNeedsIsNotUnderstood(String change) {
        String[] parts = change.split(" -> ");
        node.with(200, Documents.CLUSTER.strip().replace(parts[0], parts[1]));
        assertThat(Documents.CLUSTER).contains(parts[0]);

        assertThatThrownBy(() -> api.cluster().cluster())
                .isInstanceOf(AdminApiUnreachableException.class);
    }

    @Test
    void whatIsMissingIsNamed() {
        node.with(200, Documents.RING.replace("\"host\":\"kube-1\",", ""));

        assertThatThrownBy(() -> api.ring().ring())
                .isInstanceOf(AdminApiUnreachableException.class)
                .hasMessage(
                        "No node answers: "
                                + node.uri()
                                + " gave an answer without"
                                + " .members[0].host");
    }

    @Test
    void whatIsWrongIsNamedByItsPlaceAndNotByItsValue() {
        node.with(200, Documents.NEW_KEY.replace("\"2026-11-30T09:22:00Z\"", "\"hush\""));

        assertThatThrownBy(() -> api.keys().get("AK1"))
                .isInstanceOf(AdminApiUnreachableException.class);
        assertThatThrownBy(() -> api.keys().create(null))
                .isInstanceOf(AdminApiUnreachableException.class)
                .hasMessageContaining("not understood at .key.created")
                .hasMessageNotContaining("hush");
    }

    @Test
    void elementsThatAreNullAreNotUnderstood() {
        node.with(200, "[null]");

        assertThatThrownBy(() -> api.cluster().nodes())
                .isInstanceOf(AdminApiUnreachableException.class)
                .hasMessageContaining("without [0]");
    }

    @Test
    void aRefusalHasItsStatusItsCodeAndItsSentence() {
        node.with(409, Documents.error("StaleEpoch", "The epoch is 5."));

        assertThatThrownBy(() -> api.ring().drain(null))
                .isInstanceOfSatisfying(
                        AdminApiException.class,
                        refused -> {
                            assertThat(refused.status()).isEqualTo(409);
                            assertThat(refused.code()).isEqualTo("StaleEpoch");
                            assertThat(refused).hasMessage("The epoch is 5.");
                        });
    }

    @Test
    void aCallWithoutAnAnswerIsRefusedToo() {
        node.with(403, Documents.error("RequestTimeTooSkewed", "The difference is too large."));

        assertThatThrownBy(() -> api.keys().delete("AK1"))
                .isInstanceOfSatisfying(
                        AdminApiException.class,
                        refused -> assertThat(refused.code()).isEqualTo("RequestTimeTooSkewed"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "<h1>Not found</h1>", "{}", "{\"code\":\"NotFound\"}", "null"})
    void aRefusalThatIsNotTheAdminApisIsNoRefusal(String body) {
        node.with(404, body);

        assertThatThrownBy(() -> api.buckets().get("photos"))
                .isInstanceOf(AdminApiUnreachableException.class)
                .hasMessage("No node answers: " + node.uri() + " answered 404");
    }

    @Test
    void redirectsAreNotFollowed() throws Exception {
        try (FakeNode elsewhere = new FakeNode().with(200, Documents.CLUSTER)) {
            node.with(
                    exchange -> {
                        exchange.getResponseHeaders()
                                .add("Location", elsewhere.uri() + "/v1/cluster");
                        exchange.sendResponseHeaders(307, -1);
                        exchange.close();
                    });

            assertThatThrownBy(() -> api.cluster().cluster())
                    .isInstanceOf(AdminApiUnreachableException.class)
                    .hasMessageContaining("answered 307");
            assertThat(elsewhere.received()).isEmpty();
        }
    }

    @Test
    void anAnswerAsLongAsMayBeIsRead() {
        node.with(200, padded(LIMITS.answerBytes()));

        assertThat(api.cluster().cluster().node()).isEqualTo("demo-0");
    }

    @Test
    void anAnswerThatIsLongerIsNot() {
        node.with(200, padded(LIMITS.answerBytes() + 1));

        assertThatThrownBy(() -> api.cluster().cluster())
                .isInstanceOf(AdminApiUnreachableException.class)
                .hasMessageContaining("broke off its answer");
    }

    @Test
    void anAnswerThatNeverEndsIsNotEither() {
        node.with(
                exchange -> {
                    exchange.sendResponseHeaders(200, 0);
                    OutputStream body = exchange.getResponseBody();
                    byte[] blanks = " ".repeat(1 << 10).getBytes(StandardCharsets.UTF_8);
                    while (true) {
                        body.write(blanks);
                    }
                });

        assertThatThrownBy(() -> api.cluster().cluster())
                .isInstanceOf(AdminApiUnreachableException.class)
                .hasMessageContaining("broke off its answer");
    }

    private static String padded(int bytes) {
        String document = Documents.CLUSTER;
        return document + " ".repeat(bytes - document.length());
    }

    @Test
    void whatANodeSaysStaysOnOneLineAndShort() {
        node.with(500, Documents.error("InternalError", "a\\nb\\u0007" + "x".repeat(2_000)));

        assertThatThrownBy(() -> api.cluster().cluster())
                .isInstanceOf(AdminApiUnreachableException.class)
                .hasMessageContaining("answered 500 InternalError: a b xxx")
                .message()
                .hasSizeLessThan(500);
    }
}
