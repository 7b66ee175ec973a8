package io.lilio.server.s3.request;

import io.lilio.object.CopySource;
import io.lilio.object.ObjectAddress;
import io.lilio.server.s3.error.S3Exception;
import io.lilio.server.s3.http.PercentDecoder;
import io.lilio.server.s3.http.S3Request;
import java.util.Optional;

/**
 * {@code x-amz-copy-source}: {@code [/]bucket/key[?versionId=id]}, percent-encoded. A plus sign is
 * a plus sign. A question mark that belongs to the key is encoded; one that is not, and is not
 * followed by {@code versionId=}, is taken for the key's, as S3 does.
 */
public final class CopySourceHeader {

    private static final String NAME = "x-amz-copy-source";
    private static final String VERSION = "?versionId=";

    private CopySourceHeader() {}

    /**
     * @throws S3Exception InvalidArgument for what names no object, InvalidURI for a broken escape
     */
    public static CopySource parse(S3Request request) {
        String header = request.headers().first(NAME).orElseThrow();
        int version = header.lastIndexOf(VERSION);
        String path = PercentDecoder.path(version < 0 ? header : header.substring(0, version));
        Optional<String> versionId =
                version < 0
                        ? Optional.empty()
                        : Optional.of(
                                PercentDecoder.path(header.substring(version + VERSION.length())));
        String relative = path.startsWith("/") ? path.substring(1) : path;
        int slash = relative.indexOf('/');
        if (slash < 1 || slash == relative.length() - 1 || versionId.equals(Optional.of(""))) {
            throw QueryNumbers.invalid(
                    NAME,
                    header,
                    "Copy Source must mention the source bucket and key: sourcebucket/sourcekey");
        }
        return new CopySource(
                new ObjectAddress(relative.substring(0, slash), relative.substring(slash + 1)),
                versionId,
                ConditionHeaders.ofCopySource(request.headers()));
    }
}
