package io.lilio.server.s3.request;

import io.lilio.object.ObjectAddress;
import io.lilio.object.ReadRange;
import io.lilio.object.ReadRequest;
import io.lilio.server.s3.error.S3Error;
import io.lilio.server.s3.error.S3Exception;
import io.lilio.server.s3.http.S3Request;
import java.util.Optional;

/** What GetObject and HeadObject ask for. */
public final class ReadParameters {

    private ReadParameters() {}

    /**
     * @throws S3Exception InvalidArgument, InvalidRequest
     */
    public static ReadRequest parse(S3Request request) {
        return new ReadRequest(
                address(request),
                versionId(request),
                ConditionHeaders.ofRead(request.headers()),
                range(request),
                ConditionHeaders.ofRange(request.headers()).filter(c -> !namesPart(request)));
    }

    /** The object that the request is about. */
    public static ObjectAddress address(S3Request request) {
        return new ObjectAddress(request.bucket(), request.key());
    }

    /**
     * The version that the request is about, if it names one.
     *
     * @throws S3Exception InvalidArgument
     */
    public static Optional<String> versionId(S3Request request) {
        Optional<String> versionId = request.query().first("versionId");
        if (versionId.equals(Optional.of(""))) {
            throw QueryNumbers.invalid("versionId", "", "Version id cannot be the empty string");
        }
        return versionId;
    }

    private static Optional<ReadRange> range(S3Request request) {
        Optional<ReadRange> range = request.headers().first("range").flatMap(RangeHeader::parse);
        if (!namesPart(request)) {
            return range;
        }
        if (range.isPresent()) {
            throw new S3Exception(
                    S3Error.INVALID_REQUEST,
                    "Cannot specify both Range header and partNumber query parameter");
        }
        return Optional.of(new ReadRange.Part(QueryNumbers.partNumber(request)));
    }

    private static boolean namesPart(S3Request request) {
        return request.query().has("partNumber");
    }
}
