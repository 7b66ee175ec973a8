package io.lilio.server.process;

import io.lilio.server.history.Operation;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Multipart uploads of one part, on each of which all clients work at once: one begins it, others
 * upload its part anew, complete it and abort it. Completing writes the key's object, once, whoever
 * asks for it and however often; aborting excludes that. Thread-safe.
 */
final class SharedUploads {

    private final String bucket;
    private final Seen seen;
    private final List<Upload> open = new CopyOnWriteArrayList<>();
    private final Queue<Upload> all = new ConcurrentLinkedQueue<>();

    SharedUploads(String bucket, Seen seen) {
        this.bucket = bucket;
        this.seen = seen;
    }

    /**
     * A Complete that answered 200, or of which nobody knows.
     *
     * @param returnNanos {@link Operation#NEVER} when nobody knows
     */
    private record Completion(long callNanos, long returnNanos, String value) {}

    private static final class Upload {
        final String key;
        final String id;
        final List<Payload> parts = new CopyOnWriteArrayList<>();
        final Queue<Completion> completions = new ConcurrentLinkedQueue<>();
        volatile boolean aborted;

        Upload(String key, String id) {
            this.key = key;
            this.id = id;
        }
    }

    void begin(RecordedClient client, String key, Random random, int largestBytes) {
        long call = System.nanoTime();
        try {
            String id =
                    client.s3().createMultipartUpload(b -> b.bucket(bucket).key(key)).uploadId();
            Upload upload = new Upload(key, id);
            all.add(upload);
            uploadPart(client, upload, random, largestBytes);
            open.add(upload);
        } catch (SdkException | UncheckedIOException e) {
            client.failed("begin an upload of " + key, call, e);
        }
    }

    /** Uploads the part of one of the uploads once more, with other bytes. */
    void uploadPart(RecordedClient client, Random random, int largestBytes) {
        any(random).ifPresent(upload -> uploadPart(client, upload, random, largestBytes));
    }

    private void uploadPart(RecordedClient client, Upload upload, Random random, int largestBytes) {
        Payload part =
                Payload.ofParts(Payload.random(random, 16 + random.nextInt(largestBytes - 16)));
        seen.mayAppear(part);
        long call = System.nanoTime();
        try {
            client.s3()
                    .uploadPart(
                            b -> b.bucket(bucket).key(upload.key).uploadId(upload.id).partNumber(1),
                            RequestBody.fromBytes(part.bytes()));
            upload.parts.add(part);
            seen.happened("UploadPart");
        } catch (SdkException | UncheckedIOException e) {
            lostOrFailed(client, "UploadPart", call, upload, e);
        }
    }

    /** Completes one of the uploads, mostly with the part that came last. */
    void complete(RecordedClient client, Random random) {
        any(random).ifPresent(upload -> complete(client, upload, random));
    }

    private void complete(RecordedClient client, Upload upload, Random random) {
        List<Payload> parts = List.copyOf(upload.parts);
        if (parts.isEmpty()) {
            return;
        }
        int last = parts.size() - 1;
        Payload part = parts.get(random.nextInt(4) > 0 ? last : random.nextInt(parts.size()));
        String etag = Payload.ofPut(part.bytes()).etag();
        long call = System.nanoTime();
        try {
            String completed =
                    client.s3()
                            .completeMultipartUpload(
                                    b ->
                                            b.bucket(bucket)
                                                    .key(upload.key)
                                                    .uploadId(upload.id)
                                                    .multipartUpload(m -> m.parts(first(etag))))
                            .eTag();
            String value = seen.valueOf(upload.key, completed).orElseThrow();
            upload.completions.add(new Completion(call, System.nanoTime(), value));
            open.remove(upload);
            seen.happened("Complete");
        } catch (SdkException | UncheckedIOException e) {
            if (!lostOrFailed(client, "Complete", call, upload, e)) {
                upload.completions.add(new Completion(call, Operation.NEVER, part.value()));
            }
        }
    }

    private static CompletedPart first(String etag) {
        return CompletedPart.builder().partNumber(1).eTag(etag).build();
    }

    void abort(RecordedClient client, Random random) {
        any(random).ifPresent(upload -> abort(client, upload));
    }

    private void abort(RecordedClient client, Upload upload) {
        long call = System.nanoTime();
        try {
            client.s3()
                    .abortMultipartUpload(
                            b -> b.bucket(bucket).key(upload.key).uploadId(upload.id));
            upload.aborted = true;
            open.remove(upload);
            seen.happened("Abort");
        } catch (SdkException | UncheckedIOException e) {
            lostOrFailed(client, "Abort", call, upload, e);
        }
    }

    private Optional<Upload> any(Random random) {
        List<Upload> now = List.copyOf(open);
        return now.isEmpty() ? Optional.empty() : Optional.of(now.get(random.nextInt(now.size())));
    }

    /** Whether another request was faster, and this one certainly changed nothing. */
    private boolean lostOrFailed(
            RecordedClient client, String what, long call, Upload upload, RuntimeException e) {
        if (e instanceof S3Exception answer && Clients.lostRace(answer)) {
            seen.happened(what + " lost");
            return true;
        }
        client.failed(what + " of an upload to " + upload.key, call, e);
        return false;
    }

    /** When all clients have ended: aborts what is left, and writes down what completions did. */
    void end(RecordedClient client) {
        for (Upload upload : List.copyOf(open)) {
            abort(client, upload);
        }
        for (Upload upload : all) {
            addTo(seen, upload);
        }
        all.clear();
    }

    /**
     * One write, since an upload is completed once: those who were told 200 after that were told of
     * the same. It took place after the first of them called and before the first was told.
     */
    private static void addTo(Seen seen, Upload upload) {
        List<Completion> known = new ArrayList<>();
        long call = Long.MAX_VALUE;
        long end = Operation.NEVER;
        for (Completion completion : upload.completions) {
            call = Math.min(call, completion.callNanos());
            if (completion.returnNanos() == Operation.NEVER) {
                seen.add(
                        upload.key,
                        new Operation(
                                upload.id,
                                completion.callNanos(),
                                Operation.NEVER,
                                new Operation.Write(completion.value())));
            } else {
                known.add(completion);
                end = Math.min(end, completion.returnNanos());
            }
        }
        if (known.isEmpty()) {
            return;
        }
        String value = known.getFirst().value();
        if (!known.stream().allMatch(completion -> completion.value().equals(value))) {
            seen.surprise("an upload to " + upload.key + " was completed twice: " + known);
        }
        if (upload.aborted) {
            seen.surprise("an upload to " + upload.key + " was completed and aborted: " + known);
        }
        seen.add(
                upload.key,
                new Operation("upload " + upload.id, call, end, new Operation.Write(value)));
    }
}
