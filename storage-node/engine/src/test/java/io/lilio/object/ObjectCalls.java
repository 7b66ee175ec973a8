package io.lilio.object;

import io.lilio.catalog.object.Attributes;
import io.lilio.catalog.object.Conditions;
import io.lilio.object.CompleteUploadRequest.CompletedPart;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Short words for what tests do most with the objects of one bucket. */
public record ObjectCalls(ObjectStore objects, String bucket) {

    public ObjectAddress at(String key) {
        return new ObjectAddress(bucket, key);
    }

    public PutResult put(String key, ObjectSource source) {
        return objects.put().put(PutRequest.of(at(key), Attributes.none()), source);
    }

    /** The same by way of an upload of one part. */
    public void putInParts(String key, byte[] bytes) {
        String id =
                objects.uploads()
                        .create()
                        .create(
                                new CreateUploadRequest(
                                        at(key), Attributes.none(), "me", Optional.empty()));
        UploadAddress upload = new UploadAddress(at(key), id);
        PutResult part =
                objects.uploads()
                        .part()
                        .upload(
                                new PartRequest(upload, 1, Optional.empty()),
                                new ArraySource(bytes));
        objects.uploads()
                .complete()
                .complete(
                        new CompleteUploadRequest(
                                upload,
                                List.of(new CompletedPart(1, part.etag(), Optional.empty())),
                                Optional.empty(),
                                OptionalLong.of(bytes.length),
                                Conditions.none()));
    }

    public void copy(String from, String to) {
        objects.copy()
                .copy(
                        new CopyRequest(
                                CopySource.of(at(from)),
                                at(to),
                                CopyAttributes.kept(),
                                Optional.empty(),
                                Conditions.none()));
    }

    public void delete(String key) {
        objects.delete().delete(DeleteRequest.of(at(key)));
    }

    public byte[] get(String key) {
        return get(ReadRequest.of(at(key)));
    }

    public byte[] get(ReadRequest request) {
        try (OpenObject object = objects.get().open(request)) {
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
}
