package io.lilio.server.s3.request;

import io.lilio.catalog.object.Conditions;
import io.lilio.object.RangeCondition;
import io.lilio.server.s3.HttpTime;
import io.lilio.server.s3.error.S3Error;
import io.lilio.server.s3.error.S3Exception;
import io.lilio.server.s3.http.RequestHeaders;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Conditions in request headers (RFC 9110 §13): ETags with or without quotation marks, weak ones
 * compared like strong ones, lists, {@code *}; dates that are none are ignored.
 */
public final class ConditionHeaders {

    private static final String WEAK = "W/";

    private ConditionHeaders() {}

    /** The conditions of a read. */
    public static Conditions ofRead(RequestHeaders headers) {
        return read(headers, "if-");
    }

    /** The conditions on the source of a copy. */
    public static Conditions ofCopySource(RequestHeaders headers) {
        return read(headers, "x-amz-copy-source-if-");
    }

    /**
     * The condition of a range, {@code If-Range} (RFC 9110 §13.1.5). A weak ETag, or text that is
     * neither ETag nor date, is the ETag of no object.
     */
    public static Optional<RangeCondition> ofRange(RequestHeaders headers) {
        return headers.first("if-range").map(String::strip).map(ConditionHeaders::rangeCondition);
    }

    private static RangeCondition rangeCondition(String text) {
        return HttpTime.parse(text)
                .<RangeCondition>map(RangeCondition.SameTime::new)
                .orElseGet(
                        () ->
                                new RangeCondition.SameEtag(
                                        text.startsWith(WEAK) ? text : unquote(text)));
    }

    /**
     * The conditions of a write. S3 knows {@code If-Match} with an ETag and {@code If-None-Match}
     * with {@code *} alone; so does this, but that If-Match takes a {@code *} too.
     *
     * @throws S3Exception NotImplemented for other forms, and for dates
     */
    public static Conditions ofWrite(RequestHeaders headers) {
        List<String> ifNoneMatch = etags(headers, "if-none-match");
        if (!ifNoneMatch.isEmpty() && !ifNoneMatch.equals(List.of("*"))) {
            throw notImplemented("If-None-Match");
        }
        refuse(headers, "If-Modified-Since", "If-Unmodified-Since");
        return of(etags(headers, "if-match"), ifNoneMatch, Optional.empty(), Optional.empty());
    }

    /**
     * The condition of a delete: {@code If-Match}.
     *
     * @throws S3Exception NotImplemented for any other
     */
    public static Conditions ofDelete(RequestHeaders headers) {
        refuse(headers, "If-None-Match", "If-Modified-Since", "If-Unmodified-Since");
        return of(etags(headers, "if-match"), List.of(), Optional.empty(), Optional.empty());
    }

    /** The condition that what is deleted has this ETag. */
    public static Conditions ifMatch(String etag) {
        return of(List.of(unquote(etag)), List.of(), Optional.empty(), Optional.empty());
    }

    /** The ETag without quotation marks and without the mark of a weak one. */
    public static String unquote(String etag) {
        String tag = etag.startsWith(WEAK) ? etag.substring(2) : etag;
        return tag.length() >= 2 && tag.startsWith("\"") && tag.endsWith("\"")
                ? tag.substring(1, tag.length() - 1)
                : tag;
    }

    private static Conditions read(RequestHeaders headers, String prefix) {
        return of(
                etags(headers, prefix + "match"),
                etags(headers, prefix + "none-match"),
                headers.first(prefix + "modified-since").flatMap(HttpTime::parse),
                headers.first(prefix + "unmodified-since").flatMap(HttpTime::parse));
    }

    private static Conditions of(
            List<String> ifMatch,
            List<String> ifNoneMatch,
            Optional<Instant> modifiedSince,
            Optional<Instant> unmodifiedSince) {
        return ifMatch.isEmpty()
                        && ifNoneMatch.isEmpty()
                        && modifiedSince.isEmpty()
                        && unmodifiedSince.isEmpty()
                ? Conditions.none()
                : new Conditions(ifMatch, ifNoneMatch, modifiedSince, unmodifiedSince);
    }

    private static List<String> etags(RequestHeaders headers, String name) {
        List<String> etags = new ArrayList<>();
        for (String line : headers.all(name)) {
            for (String etag : line.split(",", -1)) {
                etags.add(unquote(etag.strip()));
            }
        }
        return etags;
    }

    /** To ignore a condition would be to write although it does not hold. */
    private static void refuse(RequestHeaders headers, String... names) {
        for (String name : names) {
            if (headers.has(name)) {
                throw notImplemented(name);
            }
        }
    }

    private static S3Exception notImplemented(String header) {
        return new S3Exception(
                        S3Error.NOT_IMPLEMENTED,
                        "A header you provided implies functionality that is not implemented.")
                .withDetail("Header", header);
    }
}
