package io.lilio.operator.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lilio.admin.api.BucketRequest;
import io.lilio.admin.api.RingCommand;
import io.lilio.admin.api.RingPlace;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What goes to a node. */
class RequestsTest {

    private static final UUID ID = UUID.fromString("0f2f1d6e-6a0c-4d3e-9a57-3f4f6a1c0003");

    private final FakeNode node = new FakeNode();
    private final SignedAdminApis apis = new SignedAdminApis(Clock.systemUTC());
    private final AdminApi api =
            apis.of(List.of(node.uri()), new AdminApis.Credentials("ROOT", "secret", "us-east-1"));

    @AfterEach
    void end() {
        apis.close();
        node.close();
    }

    @Test
    void parametersThatAreNullAreLeftOut() {
        node.with(200, "{\"buckets\":[]}");

        api.buckets().list(null, null);
        assertThat(node.last().target()).isEqualTo("/v1/buckets");

        api.buckets().list(null, "7");
        assertThat(node.last().target()).isEqualTo("/v1/buckets?limit=7");

        api.buckets().list("photos", null);
        assertThat(node.last().target()).isEqualTo("/v1/buckets?after=photos");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "a b",
                "a/b",
                "a+b",
                "a%41",
                "100%",
                "%2F",
                "a*b",
                "ü€",
                "a&b=c?d#e",
                "{x}",
                "a,b",
                ".a"
            })
    void whatIsOddInAParameterStaysInIt(String odd) {
        node.with(200, "{\"name\":\"x\",\"gone\":true,\"removed\":0}");

        api.buckets().delete(odd, odd, null);

        String target = node.last().target();
        assertThat(target).startsWith("/v1/buckets/");
        String path = target.substring("/v1/buckets/".length(), target.indexOf('?'));
        assertThat(path).doesNotContain("/", "+", " ");
        assertThat(decoded(path)).isEqualTo(odd);
        assertThat(target.substring(target.indexOf('?'))).startsWith("?owner=");
        assertThat(decoded(target.substring(target.indexOf("?owner=") + 7))).isEqualTo(odd);
    }

    private static String decoded(String escaped) {
        return URLDecoder.decode(escaped, StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", ".."})
    void aNameThatWouldMakeItAnotherPathIsNotSent(String name) {
        assertThatThrownBy(() -> api.keys().delete(name))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> api.keys().disable(name))
                .isInstanceOf(IllegalArgumentException.class);

        assertThat(node.received()).isEmpty();
    }

    @Test
    void fieldsThatAreAbsentAreNotInTheBody() {
        node.with(200, Documents.RING_CHANGE);

        api.ring()
                .admit(
                        new RingCommand(
                                ID,
                                4L,
                                null,
                                List.of(new RingPlace(ID, "kube-1", null)),
                                null,
                                null,
                                null,
                                null,
                                null,
                                null,
                                null));

        assertThat(node.last().method()).isEqualTo("POST");
        assertThat(node.last().target()).isEqualTo("/v1/ring/admit");
        assertThat(node.last().header("content-type")).isEqualTo("application/json");
        assertThat(node.last().header("accept")).isEqualTo("application/json");
        assertThat(node.last().text())
                .isEqualTo(
                        ("{\"operationId\":\"%s\",\"expectedEpoch\":4,\"admissions\":"
                                        + "[{\"member\":\"%s\",\"host\":\"kube-1\"}]}")
                                .formatted(ID, ID));
    }

    @Test
    void aBodyThatIsNullIsNone() {
        node.with(200, Documents.NEW_KEY);

        assertThat(api.keys().rotate("AK1", null).secret()).isEqualTo("hush");

        assertThat(node.last().target()).isEqualTo("/v1/keys/AK1/rotate");
        assertThat(node.last().body()).isEmpty();
        assertThat(node.last().header("content-length")).isEqualTo("0");
    }

    @Test
    void commandsWithoutABodyAreSent() {
        node.with(200, Documents.OPERATION);

        assertThat(api.operations().cancel("scrub-1").state()).isEqualTo("REQUESTED");

        assertThat(node.last().method()).isEqualTo("POST");
        assertThat(node.last().target()).isEqualTo("/v1/operations/scrub-1/cancel");
    }

    @Test
    void textsOfAnyKindArriveInTheBody() {
        node.with(200, Documents.BUCKET);

        api.buckets().create(new BucketRequest("ü€\"\\\n", null, "{owner}", null));

        assertThat(node.last().text())
                .isEqualTo("{\"name\":\"ü€\\\"\\\\\\n\",\"owner\":\"{owner}\"}");
    }
}
