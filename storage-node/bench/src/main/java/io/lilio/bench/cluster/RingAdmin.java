package io.lilio.bench.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lilio.bench.http.KeptAliveConnection;
import io.lilio.bench.http.RequestSigner;
import io.lilio.bench.http.ServerUnderTest;
import java.io.IOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.UUID;
import software.amazon.awssdk.http.SdkHttpMethod;

/** Looks at the ring and changes it, through a node's admin API. */
final class RingAdmin {

    private static final int LOOK_AGAIN_MILLIS = 50;

    private final ObjectMapper json = new ObjectMapper();
    private final URI admin;
    private final RequestSigner signer;

    RingAdmin(URI admin) {
        this.admin = admin;
        this.signer =
                new RequestSigner(admin, ServerUnderTest.ACCESS_KEY, ServerUnderTest.SECRET_KEY);
    }

    /** Waits until the backend of a node has announced itself, and has it take its share. */
    void admit(String node) throws IOException, InterruptedException {
        JsonNode ring = ring();
        String member = joining(ring, node);
        while (member.isEmpty()) {
            Thread.sleep(LOOK_AGAIN_MILLIS);
            ring = ring();
            member = joining(ring, node);
        }
        String command =
                """
                {"operationId":"%s","expectedEpoch":%d,"admissions":[{"member":"%s","host":"%s","zone":""}]}"""
                        .formatted(UUID.randomUUID(), ring.path("epoch").asLong(), member, node);
        JsonNode answer = ask(SdkHttpMethod.POST, "/v1/ring/admit", command);
        if (answer.has("code")) {
            throw new IOException(answer.toString());
        }
    }

    /** Waits until all chunks are where the newest epoch places them, and nothing is under way. */
    void awaitSettled() throws IOException, InterruptedException {
        JsonNode ring = ring();
        while (ring.path("unsettled").asInt(-1) != 0) {
            Thread.sleep(LOOK_AGAIN_MILLIS);
            ring = ring();
        }
    }

    /** What a node's backends hold, as they lie on its disk. */
    long storedBytes(String node) throws IOException {
        long bytes = 0;
        for (JsonNode member : ask(SdkHttpMethod.GET, "/v1/members", "")) {
            if (member.path("node").asText().equals(node)) {
                bytes += member.path("usage").path("storedBytes").asLong();
            }
        }
        return bytes;
    }

    private JsonNode ring() throws IOException {
        return ask(SdkHttpMethod.GET, "/v1/ring", "");
    }

    private static String joining(JsonNode ring, String node) {
        for (JsonNode member : ring.path("members")) {
            if (member.path("node").asText().equals(node)
                    && member.path("state").asText().equals("JOINING")) {
                return member.path("id").asText();
            }
        }
        return "";
    }

    private JsonNode ask(SdkHttpMethod method, String path, String body) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(body.getBytes(StandardCharsets.UTF_8));
        try (KeptAliveConnection connection = new KeptAliveConnection(admin)) {
            return json.readTree(
                    connection.exchangeKeepingBody(signer.signJson(method, path, bytes)));
        }
    }
}
