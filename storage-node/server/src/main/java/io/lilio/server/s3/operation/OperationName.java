package io.lilio.server.s3.operation;

import io.lilio.server.s3.http.Caller;

/** The operations of S3 that Lilio has, and what a caller needs to be allowed for each. */
public enum OperationName {
    LIST_BUCKETS("ListBuckets", Permission.KNOWN),
    CREATE_BUCKET("CreateBucket", Permission.ADMINISTER),
    HEAD_BUCKET("HeadBucket", Permission.READ),
    DELETE_BUCKET("DeleteBucket", Permission.ADMINISTER),
    GET_BUCKET_LOCATION("GetBucketLocation", Permission.READ),
    GET_BUCKET_VERSIONING("GetBucketVersioning", Permission.READ),
    PUT_BUCKET_VERSIONING("PutBucketVersioning", Permission.ADMINISTER),
    LIST_OBJECTS("ListObjects", Permission.READ),
    LIST_OBJECTS_V2("ListObjectsV2", Permission.READ),
    LIST_OBJECT_VERSIONS("ListObjectVersions", Permission.READ),
    LIST_MULTIPART_UPLOADS("ListMultipartUploads", Permission.READ),
    DELETE_OBJECTS("DeleteObjects", Permission.WRITE),
    PUT_OBJECT("PutObject", Permission.WRITE),
    GET_OBJECT("GetObject", Permission.READ),
    HEAD_OBJECT("HeadObject", Permission.READ),
    GET_OBJECT_TAGGING("GetObjectTagging", Permission.READ),
    DELETE_OBJECT("DeleteObject", Permission.WRITE),
    /** Reading the source is checked by the operation itself. */
    COPY_OBJECT("CopyObject", Permission.WRITE),
    CREATE_MULTIPART_UPLOAD("CreateMultipartUpload", Permission.WRITE),
    UPLOAD_PART("UploadPart", Permission.WRITE),
    /** Reading the source is checked by the operation itself. */
    UPLOAD_PART_COPY("UploadPartCopy", Permission.WRITE),
    COMPLETE_MULTIPART_UPLOAD("CompleteMultipartUpload", Permission.WRITE),
    ABORT_MULTIPART_UPLOAD("AbortMultipartUpload", Permission.WRITE),
    LIST_PARTS("ListParts", Permission.READ);

    /** What a caller has to be allowed. */
    private enum Permission {
        /** To be known is enough; the answer shows no more than the caller may see. */
        KNOWN,
        READ,
        WRITE,
        ADMINISTER
    }

    private final String s3Name;
    private final Permission permission;

    OperationName(String s3Name, Permission permission) {
        this.s3Name = s3Name;
        this.permission = permission;
    }

    /** The name in the Amazon S3 API Reference. */
    public String s3Name() {
        return s3Name;
    }

    /** Whether this caller may do this to that bucket. */
    public boolean allows(Caller caller, String bucket) {
        return switch (permission) {
            case KNOWN -> caller.role() != Caller.Role.NONE;
            case READ -> caller.mayRead(bucket);
            case WRITE -> caller.mayWrite(bucket);
            case ADMINISTER -> caller.mayAdminister(bucket);
        };
    }
}
