package io.lilio.object;

import io.lilio.catalog.Catalog;
import io.lilio.catalog.bucket.Buckets;
import io.lilio.catalog.listing.Listings;
import io.lilio.catalog.object.ObjectIndex;
import io.lilio.catalog.upload.Uploads;
import io.lilio.chunk.buffer.BufferPool;
import io.lilio.metadata.session.Sessions;

/**
 * All that can be done with objects: what an edge is built on. Immutable and thread-safe.
 *
 * @param buckets creates, finds, lists, changes and deletes buckets
 * @param listings lists objects, versions and open uploads
 * @param uploads the use cases of multipart uploads
 */
public record ObjectStore(
        Buckets buckets,
        Listings listings,
        PutObject put,
        GetObject get,
        HeadObject head,
        CopyObject copy,
        DeleteObject delete,
        DeleteObjects deleteMany,
        MultipartUploads uploads) {

    /** Chunks that a PUT and a copy hold at once, see {@link #leastBufferBytes}. */
    private static final int CHUNKS_HELD = 3;

    /**
     * The buffers without which requests on chunks of a size, up to 64 MiB, do not get on. A PUT
     * holds a chunk as long as its client takes to fill it; a copy holds one that it has read and
     * needs another to write it to. Those who wait for clients hold at most three quarters ({@link
     * BufferShare}), so that of three or more chunks there is always one for the others. What is on
     * its way to the members comes back by itself.
     */
    public static long leastBufferBytes(int chunkSizeBytes) {
        return (long) CHUNKS_HELD * BufferPool.blockBytes(chunkSizeBytes);
    }

    /** Multipart uploads, step by step. */
    public record MultipartUploads(
            CreateUpload create,
            UploadPart part,
            UploadPartCopy partCopy,
            ListParts list,
            CompleteUpload complete,
            AbortUpload abort) {}

    /** The use cases over the layers below. */
    public static ObjectStore on(
            Sessions sessions,
            Catalog catalog,
            BlobStore store,
            ObjectSettings settings,
            Environment environment) {
        Blobs blobs = new Blobs(store, catalog.uploads(), settings, environment);
        Buckets buckets = catalog.buckets();
        ObjectIndex objects = catalog.objects();
        ObjectLookup lookup = new ObjectLookup(objects);
        GetObject get = new GetObject(sessions, lookup, blobs);
        PutObject put = new PutObject(sessions, objects, blobs);
        DeleteObject delete = new DeleteObject(sessions, buckets, objects);
        return new ObjectStore(
                buckets,
                catalog.listings(),
                put,
                get,
                new HeadObject(lookup),
                new CopyObject(sessions, lookup, objects, get, put),
                delete,
                new DeleteObjects(buckets, delete, environment.threads()),
                uploads(sessions, catalog, blobs, get));
    }

    private static MultipartUploads uploads(
            Sessions sessions, Catalog catalog, Blobs blobs, GetObject get) {
        Buckets buckets = catalog.buckets();
        Uploads uploads = catalog.uploads();
        UploadPart part = new UploadPart(sessions, uploads, blobs);
        return new MultipartUploads(
                new CreateUpload(sessions, buckets, uploads),
                part,
                new UploadPartCopy(get, part),
                new ListParts(uploads),
                new CompleteUpload(sessions, buckets, uploads),
                new AbortUpload(sessions, buckets, uploads));
    }
}
