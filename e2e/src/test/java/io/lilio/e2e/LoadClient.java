package io.lilio.e2e;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/**
 * One client with objects of its own, of which it knows what each of them has to be: the SHA-256 of
 * what was acknowledged last or, after writes whose outcome nobody knows, of one of those. Used by
 * one thread at a time.
 */
final class LoadClient {

    private static final String ABSENT = "absent";

    /** Kept in its metadata record, so that it has no chunks. */
    private static final int WITHIN_METADATA_BYTES = 100;

    /** One object in so many goes up in parts. */
    private static final int MIX = 125;

    /**
     * What an object may be.
     *
     * @param acknowledged as the last write that was answered left it
     * @param perhaps what was written without an answer, which may take effect at any time
     */
    private record Expected(String acknowledged, Set<String> perhaps) {

        boolean admits(String seen) {
            return seen.equals(acknowledged) || perhaps.contains(seen);
        }

        @Override
        public String toString() {
            return perhaps.isEmpty() ? acknowledged : acknowledged + " or one of " + perhaps;
        }
    }

    /** Where it says what went wrong. */
    interface Troubles {

        /** A request that failed, after what the SDK tries again. */
        void failed(String what, SdkException e);

        /** An answer that is wrong. */
        void wrong(String what);
    }

    private final S3Client s3;
    private final String bucket;
    private final String name;
    private final int objects;
    private final Random random;
    private final Troubles troubles;
    private final Map<String, Expected> expected = new TreeMap<>();

    LoadClient(
            S3Client s3,
            String bucket,
            String name,
            int objects,
            Random random,
            Troubles troubles) {
        this.s3 = s3;
        this.bucket = bucket;
        this.name = name;
        this.objects = objects;
        this.random = random;
        this.troubles = troubles;
    }

    /** Writes each of its objects once. */
    void fill() {
        for (int i = 0; i < objects; i++) {
            store(key(i), i);
        }
    }

    /**
     * Writes an object: one in 125 in parts, one in eight of any size. The same in {@link #fill}
     * and afterwards, so that what is stored neither grows nor shrinks while the clients are at
     * work.
     */
    private void store(String key, int number) {
        if (number % MIX == 0) {
            upload(key);
        } else {
            put(key, number % 8 == 0 ? Body.any(random) : Body.small(random));
        }
    }

    /** One request, or one upload, of any kind. */
    void step() {
        String key = key(random.nextInt(objects));
        int kind = random.nextInt(100);
        if (kind < 33) {
            store(key, random.nextInt(8 * MIX));
        } else if (kind < 40) {
            delete(key);
        } else {
            read(key);
        }
    }

    /**
     * One request that leaves all chunks as they are: it reads any object, or writes or deletes a
     * further one that has none.
     */
    void stepBesideChunks() {
        int number = random.nextInt(objects);
        int kind = random.nextInt(100);
        if (kind < 33) {
            put(keyBeside(number), Body.random(random, WITHIN_METADATA_BYTES));
        } else if (kind < 40) {
            delete(keyBeside(number));
        } else {
            read(random.nextBoolean() ? key(number) : keyBeside(number));
        }
    }

    /** Reads each of its objects; how many there are, further ones not counted. */
    int readEverything() {
        List.copyOf(expected.keySet()).stream().filter(this::isBeside).forEach(this::read);
        int found = 0;
        for (int i = 0; i < objects; i++) {
            found += read(key(i)) ? 1 : 0;
        }
        return found;
    }

    private String key(int number) {
        return name + "/" + number;
    }

    private String keyBeside(int number) {
        return name + "/beside/" + number;
    }

    private boolean isBeside(String key) {
        return key.startsWith(name + "/beside/");
    }

    private void put(String key, Body body) {
        write(
                "PUT of " + key,
                key,
                body.sha256(),
                () ->
                        s3.putObject(
                                b -> b.bucket(bucket).key(key),
                                RequestBody.fromBytes(body.bytes())));
    }

    private void delete(String key) {
        write(
                "DELETE of " + key,
                key,
                ABSENT,
                () -> s3.deleteObject(b -> b.bucket(bucket).key(key)));
    }

    private void upload(String key) {
        Body body = Body.inParts(random);
        write("multipart upload of " + key, key, body.sha256(), () -> upload(key, body));
    }

    private void upload(String key, Body body) {
        String id = s3.createMultipartUpload(b -> b.bucket(bucket).key(key)).uploadId();
        List<CompletedPart> parts = new ArrayList<>();
        for (int number : List.of(1, 2)) {
            String etag =
                    s3.uploadPart(
                                    b -> b.bucket(bucket).key(key).uploadId(id).partNumber(number),
                                    RequestBody.fromBytes(body.part(number)))
                            .eTag();
            parts.add(CompletedPart.builder().partNumber(number).eTag(etag).build());
        }
        s3.completeMultipartUpload(
                b -> b.bucket(bucket).key(key).uploadId(id).multipartUpload(m -> m.parts(parts)));
    }

    private void write(String what, String key, String becomes, Runnable request) {
        Expected before = expected(key);
        try {
            request.run();
            expected.put(key, new Expected(becomes, before.perhaps()));
        } catch (SdkException e) {
            Set<String> perhaps = new TreeSet<>(before.perhaps());
            perhaps.add(becomes);
            expected.put(key, new Expected(before.acknowledged(), perhaps));
            troubles.failed(what, e);
        }
    }

    /** Whether the object is there. */
    private boolean read(String key) {
        String seen;
        try {
            seen = Body.sha256(bytes(key));
        } catch (NoSuchKeyException e) {
            seen = ABSENT;
        } catch (SdkException e) {
            troubles.failed("GET of " + key, e);
            return false;
        }
        if (!expected(key).admits(seen)) {
            troubles.wrong("%s is %s, and has to be %s".formatted(key, seen, expected(key)));
        }
        return !seen.equals(ABSENT);
    }

    private byte[] bytes(String key) {
        return s3.getObjectAsBytes(b -> b.bucket(bucket).key(key)).asByteArrayUnsafe();
    }

    private Expected expected(String key) {
        return expected.getOrDefault(key, new Expected(ABSENT, Set.of()));
    }
}
