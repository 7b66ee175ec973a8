package io.lilio.object;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.ObjectStoreException.Kind;
import io.lilio.catalog.object.Attributes;
import io.lilio.catalog.object.Conditions;
import io.lilio.chunk.buffer.BufferPoolSettings;
import io.lilio.engine.TestEngine;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** How few buffers are enough. */
@Timeout(120)
class LeastBuffersTest {

    private static final int CHUNK = 640 * 1024; // takes a buffer of 1 MiB
    private static final int MIB = 1 << 20;

    private TestEngine lilio = TestEngine.openWith(ObjectSettings.defaults());

    @AfterEach
    void close() {
        lilio.close();
    }

    @Test
    void aCopyGetsOnThoughAnotherClientIsInTheMiddleOfItsPut() {
        assertThat(ObjectStore.leastBufferBytes(CHUNK)).isEqualTo(3 * MIB);
        openWith(3 * MIB);
        put("slow", source().atHalf(() -> copy("a", "b")));
        assertThat(lilio.objects().head().head(ReadRequest.of(at("b"))).info().size())
                .isEqualTo(5 * CHUNK);
    }

    @Test
    void withOneBufferLessItDoesNot() {
        openWith(2 * MIB);
        copy("a", "b");
        put(
                "slow",
                source().atHalf(
                                () ->
                                        ObjectTest.assertFails(
                                                Kind.SLOW_DOWN, () -> copy("a", "c"))));
    }

    private void openWith(int bufferBytes) {
        lilio.close();
        ObjectSettings usual = ObjectSettings.defaults();
        ObjectSettings objects =
                new ObjectSettings(
                        usual.inlineMaxBytes(),
                        usual.writeWindowBytes(),
                        usual.readAheadBytes(),
                        Duration.ofSeconds(1),
                        usual.pace(),
                        usual.etags());
        lilio =
                TestEngine.open(
                        16 * MIB,
                        settings ->
                                settings.withObjects(objects)
                                        .withBuffers(
                                                BufferPoolSettings.ofCapacity(bufferBytes)
                                                        .tracing()));
        lilio.objects().buckets().create("bucket", "me", CHUNK);
        put("a", source());
    }

    private static ArraySource source() {
        return new ArraySource(ObjectTest.bytes(5 * CHUNK, 1));
    }

    private static ObjectAddress at(String key) {
        return new ObjectAddress("bucket", key);
    }

    private void put(String key, ObjectSource source) {
        lilio.objects().put().put(PutRequest.of(at(key), Attributes.none()), source);
    }

    private void copy(String from, String to) {
        lilio.objects()
                .copy()
                .copy(
                        new CopyRequest(
                                CopySource.of(at(from)),
                                at(to),
                                CopyAttributes.kept(),
                                Optional.empty(),
                                Conditions.none()));
    }
}
