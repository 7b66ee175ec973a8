package io.lilio.e2e;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/** Objects in memory, which a test may alter behind a client's back. For one thread. */
final class FakeS3 implements S3Client {

    private final Map<String, byte[]> objects = new TreeMap<>();
    private final ByteArrayOutputStream parts = new ByteArrayOutputStream();
    private boolean losingAnswers;

    Map<String, byte[]> objects() {
        return objects;
    }

    /** From now on what is asked for is done, and the answer is lost; or not any more. */
    void loseAnswers(boolean now) {
        losingAnswers = now;
    }

    private <T> T answer(T answer) {
        if (losingAnswers) {
            throw SdkClientException.create("the answer is lost");
        }
        return answer;
    }

    @Override
    public PutObjectResponse putObject(PutObjectRequest request, RequestBody body) {
        objects.put(request.key(), bytes(body));
        return answer(PutObjectResponse.builder().build());
    }

    @Override
    public DeleteObjectResponse deleteObject(DeleteObjectRequest request) {
        objects.remove(request.key());
        return answer(DeleteObjectResponse.builder().build());
    }

    @Override
    public <T> T getObject(
            GetObjectRequest request, ResponseTransformer<GetObjectResponse, T> transformer) {
        byte[] bytes = objects.get(request.key());
        if (bytes == null) {
            throw NoSuchKeyException.builder().statusCode(404).build();
        }
        try {
            return transformer.transform(
                    GetObjectResponse.builder().build(),
                    AbortableInputStream.create(new ByteArrayInputStream(bytes)));
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public CreateMultipartUploadResponse createMultipartUpload(
            CreateMultipartUploadRequest request) {
        parts.reset();
        return answer(CreateMultipartUploadResponse.builder().uploadId("upload").build());
    }

    @Override
    public UploadPartResponse uploadPart(UploadPartRequest request, RequestBody body) {
        parts.writeBytes(bytes(body));
        return answer(UploadPartResponse.builder().eTag("part").build());
    }

    @Override
    public CompleteMultipartUploadResponse completeMultipartUpload(
            CompleteMultipartUploadRequest request) {
        objects.put(request.key(), parts.toByteArray());
        return answer(CompleteMultipartUploadResponse.builder().build());
    }

    private static byte[] bytes(RequestBody body) {
        try (var in = body.contentStreamProvider().newStream()) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String serviceName() {
        return "s3";
    }

    @Override
    public void close() {}
}
