package io.lilio.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The admin API of a {@link ServerProcess}, asked by curl as an administrator would. */
record Curl(URI admin, String user) {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** With root's key. */
    static Curl ofRoot(ServerProcess server) {
        return new Curl(server.admin(), ServerProcess.ACCESS_KEY + ":" + ServerProcess.SECRET_KEY);
    }

    /** With another key. */
    Curl as(String accessKey, String secretKey) {
        return new Curl(admin, accessKey + ":" + secretKey);
    }

    /** A status and a JSON document, missing where the body is empty. */
    record Answer(int status, JsonNode body, String text) {

        Answer is(int expected) {
            assertThat(status).as(text).isEqualTo(expected);
            return this;
        }

        /** Fails unless it is an error as all errors are. */
        Answer refused(int expected, String code) {
            is(expected);
            assertThat(body.path("code").asText()).as(text).isEqualTo(code);
            assertThat(body.path("message").asText()).endsWith(".");
            assertThat(body.path("requestId").asText()).hasSize(16);
            return this;
        }

        String at(String pointer) {
            JsonNode found = body.at(pointer);
            assertThat(found.isMissingNode()).as("%s in %s", pointer, text).isFalse();
            return found.asText();
        }
    }

    Answer get(String path) throws IOException, InterruptedException {
        return send(path);
    }

    Answer post(String path, String json) throws IOException, InterruptedException {
        return send(path, "--json", json);
    }

    Answer delete(String path) throws IOException, InterruptedException {
        return send(path, "-X", "DELETE");
    }

    /** With whatever arguments curl takes. */
    Answer send(String path, String... arguments) throws IOException, InterruptedException {
        List<String> signed = new ArrayList<>();
        signed.addAll(List.of("--aws-sigv4", "aws:amz:us-east-1:lilio", "--user", user));
        signed.addAll(List.of(arguments));
        return unsigned(path, signed.toArray(String[]::new));
    }

    Answer unsigned(String path, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("curl", "-sS", "-w", "\n%{http_code}"));
        command.addAll(List.of(arguments));
        command.add(admin + path);
        Process curl = new ProcessBuilder(command).redirectErrorStream(true).start();
        curl.getOutputStream().close();
        String all = new String(curl.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(curl.waitFor()).as(all).isZero();
        int end = all.lastIndexOf('\n');
        String text = all.substring(0, end);
        return new Answer(
                Integer.parseInt(all.substring(end + 1).strip()),
                text.startsWith("{") || text.startsWith("[")
                        ? JSON.readTree(text)
                        : JSON.missingNode(),
                text);
    }
}
