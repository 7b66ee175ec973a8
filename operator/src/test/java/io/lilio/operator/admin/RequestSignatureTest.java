package io.lilio.operator.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.admin.api.BucketRequest;
import io.lilio.operator.admin.FakeNode.Received;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Signatures, computed once more from what arrives at a node. */
class RequestSignatureTest {

    private static final String SECRET = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";

    private final FakeNode node = new FakeNode();
    private final SignedAdminApis apis =
            new SignedAdminApis(
                    Clock.fixed(Instant.parse("2026-11-30T23:59:58.7Z"), ZoneOffset.ofHours(5)));
    private final AdminApi api =
            apis.of(
                    List.of(node.uri()),
                    new AdminApis.Credentials("ROOTKEY", SECRET, "eu-north-1"));

    @AfterEach
    void end() {
        apis.close();
        node.close();
    }

    @Test
    void theCheckKnowsTheExampleOfAws() {
        // "GET Object" in "Signature Calculations for the Authorization Header", Amazon S3 API
        // Reference.
        Map<String, List<String>> headers = new HashMap<>();
        headers.put("host", List.of("examplebucket.s3.amazonaws.com"));
        headers.put("range", List.of("bytes=0-9"));
        headers.put("x-amz-content-sha256", List.of(SignatureCheck.sha256(new byte[0])));
        headers.put("x-amz-date", List.of("20130524T000000Z"));
        headers.put(
                "authorization",
                List.of(
                        "AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20130524/us-east-1/s3/"
                                + "aws4_request,SignedHeaders=host;range;x-amz-content-sha256;"
                                + "x-amz-date,Signature=f0e8bdb87c964420e857bd35b5d6ed310bd44f017"
                                + "0aba48dd91039c6036bdb41"));
        Received request = new Received("GET", "/test.txt", headers, new byte[0]);

        assertThat(SignatureCheck.signature(request, SECRET))
                .isEqualTo(SignatureCheck.claim(request).signature());
    }

    @Test
    void aRequestIsSignedForTheRegionAndTheServiceAtTheTimeOfTheClock() {
        node.with(200, Documents.CLUSTER);

        api.cluster().cluster();

        Received request = node.last();
        SignatureCheck.Claim claim = SignatureCheck.claim(request);
        assertThat(claim.accessKey()).isEqualTo("ROOTKEY");
        assertThat(claim.scope()).isEqualTo("20261130/eu-north-1/lilio/aws4_request");
        assertThat(request.header("x-amz-date")).isEqualTo("20261130T235958Z");
        assertThat(claim.signedHeaders()).contains("host", "x-amz-date");
        assertThat(claim.signature()).isEqualTo(SignatureCheck.signature(request, SECRET));
    }

    @Test
    void theServerRefusesUnsignedHeadersOfAmazonSoAllAreSigned() {
        node.with(200, Documents.BUCKET);

        api.buckets().create(new BucketRequest("photos", null, "uid", null));

        assertThat(SignatureCheck.claim(node.last()).signedHeaders())
                .containsAll(
                        node.last().headers().keySet().stream()
                                .filter(name -> name.startsWith("x-amz-"))
                                .toList());
    }

    @Test
    void theSignatureCoversTheBody() {
        node.with(200, Documents.BUCKET);

        api.buckets().create(new BucketRequest("photos", null, "uid", true));

        Received request = node.last();
        assertThat(SignatureCheck.claim(request).signature())
                .isEqualTo(SignatureCheck.signature(request, SECRET));
        Received other =
                new Received(
                        request.method(),
                        request.target(),
                        request.headers(),
                        request.text()
                                .replace("photos", "others")
                                .getBytes(StandardCharsets.UTF_8));
        assertThat(SignatureCheck.claim(other).signature())
                .isNotEqualTo(SignatureCheck.signature(other, SECRET));
    }

    @Test
    void whatIsEscapedInPathAndQueryIsSignedOnce() {
        node.with(
                exchange ->
                        FakeNode.answering(200, "{\"name\":\"x\",\"gone\":true,\"removed\":0}")
                                .answer(exchange));

        for (String odd :
                List.of(
                        "a b",
                        "a/b",
                        "a+b",
                        "a%41",
                        "100%",
                        "%2F",
                        "a*b",
                        "ü€",
                        "a&b=c?d#e",
                        "~a_b-c.d",
                        "{x}",
                        "a,b")) {
            api.buckets().delete(odd, odd, "delete");

            Received request = node.last();
            assertThat(SignatureCheck.claim(request).signature())
                    .describedAs(request.target())
                    .isEqualTo(SignatureCheck.signature(request, SECRET));
        }
    }
}
