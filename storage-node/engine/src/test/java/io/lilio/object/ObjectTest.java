package io.lilio.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lilio.ObjectStoreException;
import io.lilio.ObjectStoreException.Kind;
import io.lilio.catalog.object.Attributes;
import io.lilio.catalog.object.Conditions;
import io.lilio.engine.TestEngine;
import io.lilio.object.CompleteUploadRequest.CompletedPart;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
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
        return lilio.objects().put().put(PutRequest.of(at(key), Attributes.none()), source);
    }

    /** The same by way of an upload of one part. */
    void putInParts(String key, byte[] bytes) {
        String id =
                lilio.objects()
                        .uploads()
                        .create()
                        .create(
                                new CreateUploadRequest(
                                        at(key), Attributes.none(), "me", Optional.empty()));
        UploadAddress upload = new UploadAddress(at(key), id);
        PutResult part =
                lilio.objects()
                        .uploads()
                        .part()
                        .upload(
                                new PartRequest(upload, 1, Optional.empty()),
                                new ArraySource(bytes));
        lilio.objects()
                .uploads()
                .complete()
                .complete(
                        new CompleteUploadRequest(
                                upload,
                                List.of(new CompletedPart(1, part.etag(), Optional.empty())),
                                Optional.empty(),
                                OptionalLong.of(bytes.length),
                                Conditions.none()));
    }

    byte[] get(String key) {
        return get(ReadRequest.of(at(key)));
    }

    byte[] get(ReadRequest request) {
        try (OpenObject object = lilio.objects().get().open(request)) {
            return readAll(object);
        }
    }

    static byte[] readAll(OpenObject object) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        object.transferTo(
                (data, release) -> {
                    append(bytes, data);
                    release.run();
                });
        return bytes.toByteArray();
    }

    static void append(ByteArrayOutputStream bytes, ByteBuffer data) {
        byte[] copy = new byte[data.remaining()];
        data.get(copy);
        bytes.writeBytes(copy);
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
