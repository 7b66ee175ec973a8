package io.lilio.server.process;

import io.lilio.server.history.Operation;
import io.lilio.server.history.Operation.Effect;
import io.lilio.server.history.Operation.Read;
import io.lilio.server.history.Operation.RefusedIf;
import io.lilio.server.history.Operation.Write;
import io.lilio.server.history.Operation.WriteIf;
import java.io.UncheckedIOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.Supplier;
import software.amazon.awssdk.core.ResponseBytes;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * One client that does things to keys of one bucket and writes down what it saw of each. Used by
 * one thread.
 */
final class RecordedClient implements AutoCloseable {

    private static final int PART_BYTES = 5 << 20;

    private final S3Client s3;
    private final URI endpoint;
    private final String name;
    private final String bucket;
    private final Seen seen;
    private final Random random;
    private boolean cutOff;

    RecordedClient(URI endpoint, String name, String bucket, Seen seen, Random random) {
        this(Clients.withoutRetries(endpoint), name, bucket, seen, random);
    }

    /**
     * @param s3 closed together with this
     */
    RecordedClient(S3Client s3, String name, String bucket, Seen seen, Random random) {
        this.s3 = s3;
        this.endpoint =
                s3.serviceClientConfiguration()
                        .endpointOverride()
                        .orElseThrow(() -> new IllegalArgumentException("AWS itself"));
        this.name = name;
        this.bucket = bucket;
        this.seen = seen;
        this.random = random;
    }

    S3Client s3() {
        return s3;
    }

    /** Whether the server is gone. */
    boolean isCutOff() {
        return cutOff;
    }

    Payload fresh(int largestBytes) {
        Payload payload = Payload.any(random, largestBytes);
        seen.mayAppear(payload);
        return payload;
    }

    void put(String key, Payload payload) {
        write(
                "PUT",
                key,
                payload,
                () ->
                        s3.putObject(
                                        b -> b.bucket(bucket).key(key),
                                        RequestBody.fromBytes(payload.bytes()))
                                .eTag());
    }

    void delete(String key) {
        Effect gone = new Write(Operation.ABSENT);
        long call = System.nanoTime();
        try {
            s3.deleteObject(b -> b.bucket(bucket).key(key));
            add("DELETE", key, call, gone);
        } catch (SdkException | UncheckedIOException e) {
            unknown("DELETE", key, call, gone, e);
        }
    }

    void createIfAbsent(String key, Payload payload) {
        putIf("PUT If-None-Match", key, Operation.ABSENT, payload, b -> b.ifNoneMatch("*"));
    }

    /** Replaces what is there, unless somebody else did before: a compare-and-set. */
    void replaceIfUnchanged(String key, Payload payload) {
        long call = System.nanoTime();
        try {
            String etag = s3.headObject(b -> b.bucket(bucket).key(key)).eTag();
            String before = seen.valueOf(key, etag).orElseThrow();
            add("HEAD", key, call, new Read(before));
            putIf("PUT If-Match", key, before, payload, b -> b.ifMatch(etag));
        } catch (SdkException | UncheckedIOException e) {
            notRead("HEAD", key, call, e);
        }
    }

    private void putIf(
            String what,
            String key,
            String expected,
            Payload payload,
            Consumer<PutObjectRequest.Builder> condition) {
        Effect done = new WriteIf(expected, payload.value());
        long call = System.nanoTime();
        try {
            s3.putObject(
                    b -> condition.accept(b.bucket(bucket).key(key)),
                    RequestBody.fromBytes(payload.bytes()));
            add(what, key, call, done);
        } catch (SdkException | UncheckedIOException e) {
            boolean mustExist = !expected.equals(Operation.ABSENT);
            if (isAnswer(e, 412)) {
                add(what + " refused", key, call, new RefusedIf(expected));
            } else if (mustExist && isAnswer(e, 404)) {
                add(what + " refused", key, call, new Read(Operation.ABSENT));
            } else {
                unknown(what, key, call, done, e);
            }
        }
    }

    /** Two parts, one after the other. */
    void multipart(String key) {
        List<byte[]> bytes =
                List.of(
                        Payload.random(random, PART_BYTES),
                        Payload.random(random, 16 + random.nextInt(100_000)));
        Payload whole = Payload.ofParts(bytes.get(0), bytes.get(1));
        seen.mayAppear(whole);
        write(
                "multipart upload",
                key,
                whole,
                () -> {
                    String upload =
                            s3.createMultipartUpload(b -> b.bucket(bucket).key(key)).uploadId();
                    List<CompletedPart> parts = new ArrayList<>();
                    for (int number = 1; number <= bytes.size(); number++) {
                        parts.add(uploadPart(key, upload, number, bytes.get(number - 1)));
                    }
                    return s3.completeMultipartUpload(
                                    b ->
                                            b.bucket(bucket)
                                                    .key(key)
                                                    .uploadId(upload)
                                                    .multipartUpload(m -> m.parts(parts)))
                            .eTag();
                });
    }

    private CompletedPart uploadPart(String key, String upload, int number, byte[] bytes) {
        String etag =
                s3.uploadPart(
                                b -> b.bucket(bucket).key(key).uploadId(upload).partNumber(number),
                                RequestBody.fromBytes(bytes))
                        .eTag();
        return CompletedPart.builder().partNumber(number).eTag(etag).build();
    }

    /** Reads the whole object; whether it was there. */
    boolean read(String key) {
        long call = System.nanoTime();
        try {
            ResponseBytes<GetObjectResponse> answer =
                    s3.getObjectAsBytes(b -> b.bucket(bucket).key(key));
            String value = Payload.valueOf(answer.asByteArrayUnsafe());
            add("GET", key, call, new Read(value));
            String told = seen.valueOf(key, answer.response().eTag()).orElse(value);
            if (!told.equals(value)) {
                seen.surprise(key + ": the bytes of " + value + " with the ETag of " + told);
            }
            return true;
        } catch (SdkException | UncheckedIOException e) {
            notRead("GET", key, call, e);
            return false;
        }
    }

    /**
     * Lists all keys under a prefix, which are these: a read of each of them at some moment between
     * call and answer.
     */
    void list(String prefix, Collection<String> keys) {
        int page = 1 + random.nextInt(keys.size() + 1);
        Map<String, String> listed = new HashMap<>();
        long call = System.nanoTime();
        try {
            for (S3Object object :
                    s3.listObjectsV2Paginator(b -> b.bucket(bucket).prefix(prefix).maxKeys(page))
                            .contents()) {
                if (!keys.contains(object.key()) || listed.containsKey(object.key())) {
                    seen.surprise(object.key() + " is listed, but never was written, or twice");
                }
                String value = seen.valueOf(object.key(), object.eTag()).orElse("unknown");
                listed.put(object.key(), value);
            }
        } catch (SdkException | UncheckedIOException e) {
            failed("LIST", call, e);
            return;
        }
        for (String key : keys) {
            add("LIST", key, call, new Read(listed.getOrDefault(key, Operation.ABSENT)));
        }
    }

    private void write(String what, String key, Payload payload, Supplier<String> request) {
        Effect effect = new Write(payload.value());
        long call = System.nanoTime();
        try {
            String etag = request.get();
            add(what, key, call, effect);
            if (!etag.replace("\"", "").equals(payload.etag())) {
                seen.surprise(key + ": stored as " + etag + ", not as " + payload.etag());
            }
        } catch (SdkException | UncheckedIOException e) {
            unknown(what, key, call, effect, e);
        }
    }

    private void add(String what, String key, long call, Effect effect) {
        seen.add(key, new Operation(name, call, System.nanoTime(), effect));
        seen.happened(what);
    }

    /** A write whose answer was an error or did not come: it may have happened, or may yet. */
    private void unknown(String what, String key, long call, Effect effect, RuntimeException e) {
        seen.add(key, new Operation(name, call, Operation.NEVER, effect));
        failed(what + " " + key, call, e);
    }

    /** Something did not get what it asked for. */
    void failed(String what, long call, RuntimeException e) {
        cutOff |= seen.failed(endpoint, call, what, e);
    }

    private void notRead(String what, String key, long call, RuntimeException e) {
        if (isAnswer(e, 404)) {
            add(what + " not found", key, call, new Read(Operation.ABSENT));
        } else {
            failed(what + " " + key, call, e);
        }
    }

    private static boolean isAnswer(RuntimeException e, int status) {
        return e instanceof S3Exception answer && answer.statusCode() == status;
    }

    @Override
    public void close() {
        s3.close();
    }
}
