package io.lilio.server.s3.signature;

import io.lilio.server.s3.error.S3Error;
import io.lilio.server.s3.error.S3Exception;
import io.lilio.server.s3.http.RequestBody;
import io.lilio.server.s3.http.S3Request;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** Chooses how a payload is decoded and verified, from x-amz-content-sha256. */
final class GuardedBodies {

    static final String UNSIGNED = "UNSIGNED-PAYLOAD";

    private static final int MAX_TRAILERS = 16;

    private GuardedBodies() {}

    static RequestBody guard(S3Request request, String payloadHash, ChunkSignatures signatures) {
        return switch (payloadHash) {
            case "STREAMING-AWS4-HMAC-SHA256-PAYLOAD" ->
                    chunked(request, new ChunkFormat(true, false, signatures));
            case "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER" ->
                    chunked(request, new ChunkFormat(true, true, signatures));
            case "STREAMING-UNSIGNED-PAYLOAD-TRAILER" ->
                    chunked(request, new ChunkFormat(false, true, signatures));
            default -> whole(request, payloadHash);
        };
    }

    /**
     * A payload that is stored as it comes.
     *
     * @throws S3Exception when it is none: the framing of chunks must not become part of an object
     */
    static RequestBody whole(S3Request request, String payloadHash) {
        if (!isNone(request.body()) && saysChunked(request)) {
            throw new S3Exception(
                    S3Error.INVALID_REQUEST,
                    "A payload that is aws-chunked needs an x-amz-content-sha256 that says so.");
        }
        return payloadHash.equals(UNSIGNED) ? request.body() : hashed(request, payloadHash);
    }

    private static boolean saysChunked(S3Request request) {
        for (String line : request.headers().all("content-encoding")) {
            if (line.toLowerCase(Locale.ROOT).contains("aws-chunked")) {
                return true;
            }
        }
        return false;
    }

    private static boolean isNone(RequestBody body) {
        return body.equals(RequestBody.EMPTY) || body.equals(RequestBody.UNANNOUNCED);
    }

    /**
     * How an aws-chunked payload is written.
     *
     * @param signed every chunk, and the trailer, carries a signature
     * @param trailer headers follow the last chunk
     */
    record ChunkFormat(boolean signed, boolean trailer, ChunkSignatures signatures) {}

    private static RequestBody chunked(S3Request request, ChunkFormat format) {
        String length =
                request.headers()
                        .first("x-amz-decoded-content-length")
                        .orElseThrow(() -> new S3Exception(S3Error.MISSING_CONTENT_LENGTH));
        long bytes;
        try {
            bytes = Long.parseLong(length.strip());
        } catch (NumberFormatException notANumber) {
            bytes = -1;
        }
        if (bytes < 0) {
            // S3 says the same of a length that is none as of one that is missing.
            throw new S3Exception(S3Error.MISSING_CONTENT_LENGTH);
        }
        if (isNone(request.body())) {
            throw new S3Exception(S3Error.INCOMPLETE_BODY);
        }
        return new AwsChunkedBody(
                request.body(), bytes, format, format.trailer() ? announced(request) : Set.of());
    }

    /** The names that x-amz-trailer announces. */
    private static Set<String> announced(S3Request request) {
        Set<String> names = new HashSet<>();
        for (String line : request.headers().all("x-amz-trailer")) {
            int from = 0;
            while (from <= line.length()) {
                int comma = line.indexOf(',', from);
                int to = comma < 0 ? line.length() : comma;
                String name = line.substring(from, to).strip().toLowerCase(Locale.ROOT);
                if (!name.isEmpty()) {
                    names.add(name);
                }
                from = to + 1;
            }
        }
        if (names.size() > MAX_TRAILERS) {
            throw new S3Exception(S3Error.MALFORMED_TRAILER);
        }
        return names;
    }

    private static RequestBody hashed(S3Request request, String hash) {
        if (hash.startsWith("STREAMING-")) {
            throw new S3Exception(
                    S3Error.NOT_IMPLEMENTED, "Payloads signed as " + hash + " are not supported.");
        }
        boolean hex = hash.length() == 64;
        for (int i = 0; i < hash.length() && hex; i++) {
            hex = Character.digit(hash.charAt(i), 16) >= 0;
        }
        if (!hex) {
            throw new S3Exception(
                    S3Error.INVALID_ARGUMENT,
                    "x-amz-content-sha256 must be UNSIGNED-PAYLOAD,"
                            + " STREAMING-UNSIGNED-PAYLOAD-TRAILER,"
                            + " STREAMING-AWS4-HMAC-SHA256-PAYLOAD,"
                            + " STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER or a valid sha256"
                            + " value.");
        }
        String expected = hash.toLowerCase(Locale.ROOT);
        if (!isNone(request.body())) {
            return new HashedBody(request.body(), expected);
        }
        if (!expected.equals(Sha256.OF_NOTHING)) {
            throw HashedBody.mismatch(expected, Sha256.OF_NOTHING);
        }
        return request.body();
    }
}
