package io.lilio.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lilio.ObjectStoreException;
import io.lilio.ObjectStoreException.Kind;
import io.lilio.engine.TestEngine;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.Random;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;

/** What tests of the use cases share: an engine, a bucket of small chunks, and short words. */
@Timeout(120)
abstract class ObjectTest {

    static final String BUCKET = "bucket";
    static final int CHUNK = 64 * 1024;
    static final int INLINE = 4 * 1024;

    TestEngine lilio = open();

    TestEngine open() {
        return TestEngine.openWith(settings());
    }

    /** A window of three chunks either way, so that it is full and empty often. */
    static ObjectSettings settings() {
        ObjectSettings defaults = ObjectSettings.defaults();
        return new ObjectSettings(
                INLINE,
                3 * CHUNK,
                3 * CHUNK,
                defaults.bufferWait(),
                defaults.pace(),
                defaults.etags());
    }

    @BeforeEach
    void createBucket() {
        lilio.objects().buckets().create(BUCKET, "me", CHUNK);
    }

    @AfterEach
    void close() {
        lilio.close();
    }

    static ObjectAddress at(String key) {
        return new ObjectAddress(BUCKET, key);
    }

    PutResult put(String key, byte[] bytes) {
        return put(key, new ArraySource(bytes));
    }

    PutResult put(String key, ObjectSource source) {
        return calls().put(key, source);
    }

    void putInParts(String key, byte[] bytes) {
        calls().putInParts(key, bytes);
    }

    byte[] get(String key) {
        return calls().get(key);
    }

    byte[] get(ReadRequest request) {
        return calls().get(request);
    }

    ObjectCalls calls() {
        return new ObjectCalls(lilio.objects(), BUCKET);
    }

    static byte[] readAll(OpenObject object) {
        return ObjectCalls.readAll(object);
    }

    static void append(ByteArrayOutputStream bytes, ByteBuffer data) {
        ObjectCalls.append(bytes, data);
    }

    ObjectInfo head(String key) {
        return lilio.objects().head().head(ReadRequest.of(at(key))).info();
    }

    static byte[] bytes(int length, long seed) {
        byte[] bytes = new byte[length];
        new Random(seed).nextBytes(bytes);
        return bytes;
    }

    static ObjectStoreException assertFails(Kind kind, ThrowingCallable call) {
        ObjectStoreException[] thrown = new ObjectStoreException[1];
        assertThatThrownBy(call)
                .isInstanceOfSatisfying(
                        ObjectStoreException.class,
                        e -> {
                            thrown[0] = e;
                            assertThat(e.kind()).as(e.getMessage()).isEqualTo(kind);
                        });
        return thrown[0];
    }
}
