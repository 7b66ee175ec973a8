package io.lilio.server.s3.operation;

import io.lilio.ObjectStoreException;
import io.lilio.catalog.bucket.Buckets;
import io.lilio.catalog.listing.Listings;
import io.lilio.object.ObjectStore;
import io.lilio.server.s3.error.S3Error;
import io.lilio.server.s3.error.S3Exception;
import io.lilio.server.s3.http.Caller;
import io.lilio.server.s3.http.S3Handler;
import io.lilio.server.s3.http.S3Request;
import io.lilio.server.s3.http.S3Response;
import io.lilio.server.s3.request.CompleteDocument;
import io.lilio.server.s3.request.DeleteDocument;
import io.lilio.server.s3.request.RefusedHeaders;
import java.time.Duration;
import java.util.concurrent.ThreadFactory;

/**
 * Everything that Lilio can do on the S3 port: finds the operation of a request, checks that its
 * caller may do it and that it asks for nothing Lilio has not, and has it answered. Thread-safe.
 */
public final class S3Operations implements S3Handler {

    /** SDKs give up on an answer that has not begun after 30 to 60 seconds. */
    private static final Duration KEEP_ALIVE = Duration.ofSeconds(10);

    /** A page of 1,000 with the longest keys: as it was scanned, and as text. */
    private static final long LISTING_BYTES = 8 << 20;

    /** Documents up to this length are as small as other requests. */
    private static final long SMALL_DOCUMENT_BYTES = 64 << 10;

    /** Text takes twice its bytes, and what it says is held beside it. */
    private static final long DOCUMENT_FACTOR = 3;

    private final ObjectStore store;
    private final EdgeSettings settings;
    private final PatientAnswer patience;
    private final HeapShare heap = HeapShare.ofThisProcess();

    /**
     * @param threads makes threads for work that outlives a client's patience: virtual ones
     */
    public S3Operations(ObjectStore store, EdgeSettings settings, ThreadFactory threads) {
        this.store = store;
        this.settings = settings;
        this.patience = new PatientAnswer(threads, KEEP_ALIVE);
    }

    @Override
    public void handle(S3Request request, S3Response response) {
        OperationName name = route(request);
        response.operation(name.s3Name());
        if (!name.allows(request.caller(), request.bucket())) {
            throw new S3Exception(S3Error.ACCESS_DENIED);
        }
        RefusedHeaders.check(request);
        try {
            long bytes = heapBytes(name, request);
            if (bytes == 0) {
                operation(name).answer(request, response);
            } else {
                heap.during(bytes, response, answer -> operation(name).answer(request, answer));
            }
        } catch (ObjectStoreException e) {
            throw RequestFailure.of(request, e);
        }
    }

    /** What an operation may hold on the heap as a whole; 0 for what does not matter. */
    private static long heapBytes(OperationName name, S3Request request) {
        return switch (name) {
            case LIST_BUCKETS,
                    LIST_OBJECTS,
                    LIST_OBJECTS_V2,
                    LIST_OBJECT_VERSIONS,
                    LIST_MULTIPART_UPLOADS,
                    LIST_PARTS ->
                    LISTING_BYTES;
            case DELETE_OBJECTS -> documentBytes(request, DeleteDocument.MAX_BYTES);
            case COMPLETE_MULTIPART_UPLOAD -> documentBytes(request, CompleteDocument.MAX_BYTES);
            default -> 0;
        };
    }

    /** A document that is too long is refused before it is read: it takes nothing. */
    private static long documentBytes(S3Request request, long most) {
        long length = request.body().length();
        return length <= SMALL_DOCUMENT_BYTES || length > most ? 0 : length * DOCUMENT_FACTOR;
    }

    /** Nobody learns without a valid signature what is implemented. */
    private static OperationName route(S3Request request) {
        if (request.caller().role() == Caller.Role.NONE) {
            throw new S3Exception(S3Error.ACCESS_DENIED);
        }
        return Routing.route(request);
    }

    private Operation operation(OperationName name) {
        Buckets buckets = store.buckets();
        Listings listings = store.listings();
        ObjectStore.MultipartUploads uploads = store.uploads();
        String region = settings.region();
        return switch (name) {
            case LIST_BUCKETS -> new ListBucketsOperation(buckets, region);
            case CREATE_BUCKET -> new CreateBucketOperation(buckets, settings);
            case HEAD_BUCKET -> new HeadBucketOperation(buckets, region);
            case DELETE_BUCKET -> new DeleteBucketOperation(buckets);
            case GET_BUCKET_LOCATION -> new GetBucketLocationOperation(buckets, region);
            case GET_BUCKET_VERSIONING -> new GetBucketVersioningOperation(buckets);
            case PUT_BUCKET_VERSIONING -> new PutBucketVersioningOperation(buckets);
            case LIST_OBJECTS -> new ListObjectsOperation(listings);
            case LIST_OBJECTS_V2 -> new ListObjectsV2Operation(listings);
            case LIST_OBJECT_VERSIONS -> new ListObjectVersionsOperation(listings);
            case LIST_MULTIPART_UPLOADS -> new ListMultipartUploadsOperation(listings);
            case DELETE_OBJECTS -> new DeleteObjectsOperation(store.deleteMany());
            case PUT_OBJECT -> new PutObjectOperation(store.put());
            case GET_OBJECT -> new GetObjectOperation(store.get());
            case HEAD_OBJECT -> new HeadObjectOperation(store.head());
            case GET_OBJECT_TAGGING -> new GetObjectTaggingOperation(store.head());
            case DELETE_OBJECT -> new DeleteObjectOperation(store.delete());
            case COPY_OBJECT -> new CopyObjectOperation(store.copy(), patience);
            case CREATE_MULTIPART_UPLOAD -> new CreateMultipartUploadOperation(uploads.create());
            case UPLOAD_PART -> new UploadPartOperation(uploads.part());
            case UPLOAD_PART_COPY -> new UploadPartCopyOperation(uploads.partCopy(), patience);
            case COMPLETE_MULTIPART_UPLOAD ->
                    new CompleteMultipartUploadOperation(uploads.complete(), patience);
            case ABORT_MULTIPART_UPLOAD -> new AbortMultipartUploadOperation(uploads.abort());
            case LIST_PARTS -> new ListPartsOperation(uploads.list());
        };
    }
}
