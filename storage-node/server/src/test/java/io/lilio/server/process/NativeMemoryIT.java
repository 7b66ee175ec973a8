package io.lilio.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/** Memory outside the heap does not grow with what has passed through. */
class NativeMemoryIT {

    private static final int BEFORE = 30;
    private static final int OBJECTS = 120;

    /** Fewer than one for each object, of which three copies are written. */
    private static final int FEW = OBJECTS / 2;

    /** What code allocates for itself: direct buffers of the JDK are among it. */
    private static final Pattern OTHER = Pattern.compile("tag=Other #(\\d+)");

    @TempDir Path directory;

    @Test
    void writingLeavesNoBuffersBehind() throws Exception {
        byte[] chunk = Payload.random(new Random(4), 1 << 20);
        try (ServerProcess server =
                        ServerProcess.start(
                                directory.resolve("data"),
                                Map.of("LILIO_JAVA_OPTS", "-XX:NativeMemoryTracking=summary"));
                S3Client s3 = Clients.withoutRetries(server.endpoint())) {
            s3.createBucket(b -> b.bucket("native"));
            put(s3, chunk, BEFORE);
            int before = buffers(server);
            put(s3, chunk, OBJECTS);
            assertThat(buffers(server) - before).isLessThan(FEW);
        }
    }

    private static void put(S3Client s3, byte[] body, int times) {
        for (int i = 0; i < times; i++) {
            String key = "k" + i;
            s3.putObject(b -> b.bucket("native").key(key), RequestBody.fromBytes(body));
        }
    }

    private static int buffers(ServerProcess server) throws IOException, InterruptedException {
        Process jcmd =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                                Long.toString(server.pid()),
                                "VM.native_memory",
                                "summary")
                        .redirectErrorStream(true)
                        .start();
        String said = new String(jcmd.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(jcmd.waitFor()).as(said).isZero();
        Matcher other = OTHER.matcher(said);
        assertThat(other.find()).as(said).isTrue();
        return Integer.parseInt(other.group(1));
    }
}
