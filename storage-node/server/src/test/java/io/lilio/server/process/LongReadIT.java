package io.lilio.server.process;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.InputStream;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/** A read of a large object goes on while the object is replaced and deleted under it. */
class LongReadIT {

    private static final int PART_BYTES = 64 << 20;

    @TempDir Path directory;

    @Test
    void aReadUnderWayEndsWithTheOldBytes() throws Exception {
        readSlowlyWhileReplaced(10);
    }

    @Test
    @Tag("faults")
    void aReadOfMinutesEndsWithTheOldBytes() throws Exception {
        readSlowlyWhileReplaced(240);
    }

    private void readSlowlyWhileReplaced(int seconds) throws Exception {
        try (ServerProcess server = ServerProcess.start(directory.resolve("data"), Map.of());
                S3Client s3 = Clients.withoutRetries(server.endpoint())) {
            byte[] body = new byte[PART_BYTES];
            new Random(5).nextBytes(body);
            s3.createBucket(b -> b.bucket("long"));
            s3.putObject(b -> b.bucket("long").key("k"), RequestBody.fromBytes(body));
            MessageDigest seen = MessageDigest.getInstance("SHA-256");
            long read = 0;
            try (InputStream slow = s3.getObject(b -> b.bucket("long").key("k"))) {
                byte[] piece = new byte[PART_BYTES / seconds / 4];
                for (int n = slow.read(piece); n >= 0; n = slow.read(piece)) {
                    if (read == 0) {
                        s3.putObject(b -> b.bucket("long").key("k"), RequestBody.fromString("new"));
                        s3.deleteObject(b -> b.bucket("long").key("k"));
                        s3.putObject(
                                b -> b.bucket("long").key("k"), RequestBody.fromString("newer"));
                    }
                    seen.update(piece, 0, n);
                    read += n;
                    Thread.sleep(250L * n / piece.length);
                }
            }
            assertThat(read).isEqualTo(body.length);
            assertThat(seen.digest()).isEqualTo(MessageDigest.getInstance("SHA-256").digest(body));
            assertThat(s3.getObjectAsBytes(b -> b.bucket("long").key("k")).asUtf8String())
                    .isEqualTo("newer");
        }
    }
}
