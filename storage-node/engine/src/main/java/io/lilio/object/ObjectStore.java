package io.lilio.object;

import io.lilio.catalog.bucket.Buckets;
import io.lilio.catalog.listing.Listings;

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

    /** Multipart uploads, step by step. */
    public record MultipartUploads(
            CreateUpload create,
            UploadPart part,
            UploadPartCopy partCopy,
            ListParts list,
            CompleteUpload complete,
            AbortUpload abort) {}
}
