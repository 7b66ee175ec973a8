package io.lilio.server.s3.error;

/**
 * Every error that Lilio answers on the S3 port: the code that clients switch on, the HTTP status
 * and the default message.
 *
 * <p>Codes and statuses are those of "Error responses" in the Amazon S3 API Reference; where that
 * page is silent or out of date, they are what the service was seen to answer.
 */
public enum S3Error {
    ACCESS_DENIED("AccessDenied", 403, "Access Denied."),
    ACCESS_CONTROL_LIST_NOT_SUPPORTED(
            "AccessControlListNotSupported", 400, "The bucket does not allow ACLs."),
    AUTHORIZATION_HEADER_MALFORMED(
            "AuthorizationHeaderMalformed", 400, "The authorization header is malformed."),
    AUTHORIZATION_QUERY_PARAMETERS_ERROR(
            "AuthorizationQueryParametersError",
            400,
            "The query string authentication parameters are malformed."),
    BAD_DIGEST(
            "BadDigest",
            400,
            "The Content-MD5 or checksum value that you specified did not match what the server"
                    + " received."),
    BAD_REQUEST("BadRequest", 400, "The request could not be understood."),
    BUCKET_ALREADY_OWNED_BY_YOU(
            "BucketAlreadyOwnedByYou",
            409,
            "The bucket that you tried to create already exists, and you own it."),
    BUCKET_NOT_EMPTY(
            "BucketNotEmpty",
            409,
            "The bucket that you tried to delete is not empty. Objects, versions and multipart uploads"
                    + " under way count."),
    ENTITY_TOO_LARGE(
            "EntityTooLarge", 400, "Your proposed upload exceeds the maximum allowed object size."),
    ENTITY_TOO_SMALL(
            "EntityTooSmall",
            400,
            "Your proposed upload is smaller than the minimum allowed object size."),
    EXPECTATION_FAILED("ExpectationFailed", 417, "Only Expect: 100-continue is supported."),
    ILLEGAL_LOCATION_CONSTRAINT(
            "IllegalLocationConstraintException",
            400,
            "The location constraint is not that of this endpoint."),
    INCOMPLETE_BODY(
            "IncompleteBody",
            400,
            "You did not provide the number of bytes specified by the Content-Length HTTP header."),
    INTERNAL_ERROR("InternalError", 500, "An internal error occurred. Try again."),
    INVALID_ACCESS_KEY_ID(
            "InvalidAccessKeyId",
            403,
            "The access key ID that you provided does not exist in our records."),
    INVALID_ARGUMENT("InvalidArgument", 400, "Invalid argument."),
    INVALID_BUCKET_NAME("InvalidBucketName", 400, "The specified bucket is not valid."),
    INVALID_CHUNK_SIZE("InvalidChunkSizeError", 403, "A chunk of the body has an invalid size."),
    INVALID_DIGEST(
            "InvalidDigest",
            400,
            "The Content-MD5 or checksum value that you specified is not valid."),
    INVALID_PART(
            "InvalidPart",
            400,
            "One or more of the specified parts could not be found, or the ETag or checksum given"
                    + " is not that of the part."),
    INVALID_PART_NUMBER("InvalidPartNumber", 416, "The requested partnumber is not satisfiable."),
    INVALID_PART_ORDER(
            "InvalidPartOrder",
            400,
            "The list of parts was not in ascending order. Parts must be ordered by part number."),
    INVALID_RANGE("InvalidRange", 416, "The requested range is not satisfiable."),
    INVALID_REQUEST("InvalidRequest", 400, "The request is not valid."),
    INVALID_STORAGE_CLASS(
            "InvalidStorageClass", 400, "The storage class that you specified is not valid."),
    INVALID_URI("InvalidURI", 400, "The specified URI could not be parsed."),
    KEY_TOO_LONG("KeyTooLongError", 400, "Your key is too long."),
    MALFORMED_XML(
            "MalformedXML",
            400,
            "The XML that you provided was not well formed or did not validate against our"
                    + " published schema."),
    MALFORMED_TRAILER(
            "MalformedTrailerError",
            400,
            "The request contained trailing data that was not valid."),
    MAX_MESSAGE_LENGTH_EXCEEDED("MaxMessageLengthExceeded", 400, "Your request was too large."),
    METADATA_TOO_LARGE(
            "MetadataTooLarge",
            400,
            "Your metadata headers exceed the maximum allowed metadata size."),
    METHOD_NOT_ALLOWED(
            "MethodNotAllowed", 405, "The specified method is not allowed against this resource."),
    MISSING_CONTENT_LENGTH(
            "MissingContentLength", 411, "You must provide the Content-Length HTTP header."),
    MISSING_REQUEST_BODY("MissingRequestBodyError", 400, "Request body is empty."),
    NO_SUCH_BUCKET("NoSuchBucket", 404, "The specified bucket does not exist."),
    NO_SUCH_KEY("NoSuchKey", 404, "The specified key does not exist."),
    NO_SUCH_UPLOAD(
            "NoSuchUpload",
            404,
            "The specified multipart upload does not exist. The upload ID might be invalid, or the"
                    + " upload was aborted or completed."),
    NO_SUCH_VERSION("NoSuchVersion", 404, "The specified version does not exist."),
    NOT_IMPLEMENTED(
            "NotImplemented", 501, "A header or operation that you requested is not implemented."),
    /** Has no body; the headers of the object go with it. */
    NOT_MODIFIED("NotModified", 304, "Not Modified."),
    OPERATION_ABORTED(
            "OperationAborted",
            409,
            "A conflicting conditional operation is currently in progress against this resource."
                    + " Try again."),
    PRECONDITION_FAILED(
            "PreconditionFailed",
            412,
            "At least one of the preconditions that you specified did not hold."),
    REQUEST_HEADER_SECTION_TOO_LARGE(
            "RequestHeaderSectionTooLarge",
            400,
            "The request header and query parameters exceed the maximum allowed size."),
    REQUEST_TIME_TOO_SKEWED(
            "RequestTimeTooSkewed",
            403,
            "The difference between the request time and the server's time is too large."),
    REQUEST_TIMEOUT(
            "RequestTimeout",
            400,
            "Your socket connection to the server was not read from or written to within the"
                    + " timeout period."),
    SERVICE_UNAVAILABLE("ServiceUnavailable", 503, "Service is unable to handle request."),
    SIGNATURE_DOES_NOT_MATCH(
            "SignatureDoesNotMatch",
            403,
            "The request signature that the server calculated does not match the signature that"
                    + " you provided. Check your secret access key and signing method."),
    SLOW_DOWN("SlowDown", 503, "Please reduce your request rate."),
    /** What S3-compatible stores answer when no member can take more bytes. */
    INSUFFICIENT_STORAGE("InsufficientStorage", 507, "There is no space left to store the object."),
    X_AMZ_CONTENT_SHA256_MISMATCH(
            "XAmzContentSHA256Mismatch",
            400,
            "The provided 'x-amz-content-sha256' header does not match what was computed.");

    private final String code;
    private final int status;
    private final String message;

    S3Error(String code, int status, String message) {
        this.code = code;
        this.status = status;
        this.message = message;
    }

    /** The {@code <Code>} of the XML answer. */
    public String code() {
        return code;
    }

    /** The HTTP status. */
    public int status() {
        return status;
    }

    /** The {@code <Message>} where the thrower has nothing more exact to say. */
    public String message() {
        return message;
    }
}
