package io.lilio.catalog.upload;

import io.lilio.catalog.bucket.Bucket;

/** An upload, and its bucket at that moment. */
public record FoundUpload(Bucket bucket, Upload upload) {}
