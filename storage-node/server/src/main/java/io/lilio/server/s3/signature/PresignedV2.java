package io.lilio.server.s3.signature;

import io.lilio.server.s3.error.S3Error;
import io.lilio.server.s3.error.S3Exception;
import io.lilio.server.s3.http.QueryParameters;
import io.lilio.server.s3.http.QueryParameters.Parameter;
import io.lilio.server.s3.http.RequestTarget;
import io.lilio.server.s3.http.S3Request;
import io.lilio.time.Time;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * URLs presigned with Signature Version 2, which boto3 and the AWS command line still make by
 * default. Version 2 is taken in this form only. Source: Amazon S3 Developer Guide, "Signing and
 * authenticating REST requests", "Query string request authentication alternative". Thread-safe.
 */
final class PresignedV2 {

    /** The sub-resources and overrides that are signed; all other parameters are not. */
    private static final Set<String> SIGNED_PARAMETERS =
            Set.of(
                    ("accelerate acl analytics cors defaultObjectAcl delete encryption inventory"
                                    + " legal-hold lifecycle location logging metrics notification"
                                    + " object-lock partNumber policy replication requestPayment"
                                    + " response-cache-control response-content-disposition"
                                    + " response-content-encoding response-content-language"
                                    + " response-content-type response-expires restore retention"
                                    + " select select-type storageClass tagging torrent uploadId"
                                    + " uploads versionId versioning versions website")
                            .split(" "));

    private final Time time;

    PresignedV2(Time time) {
        this.time = time;
    }

    /** Whether a request is signed in this way. */
    static boolean signed(QueryParameters query) {
        return query.has("AWSAccessKeyId") && query.has("Signature");
    }

    /** Who signed, still to be proven. */
    static String accessKeyId(S3Request request) {
        return request.query().first("AWSAccessKeyId").orElseThrow();
    }

    /**
     * Refuses what has expired or was signed with none of these secrets.
     *
     * @throws S3Exception {@code ACCESS_DENIED} or {@code SIGNATURE_DOES_NOT_MATCH}
     */
    void check(S3Request request, Credential credential) {
        String expires = request.query().first("Expires").orElse("");
        if (time.now().getEpochSecond() > epochSecond(expires)) {
            throw new S3Exception(S3Error.ACCESS_DENIED, "Request has expired.")
                    .withDetail("Expires", expires);
        }
        String toSign = stringToSign(request, expires);
        byte[] given =
                request.query().first("Signature").orElse("").getBytes(StandardCharsets.UTF_8);
        if (credential.secrets().stream().noneMatch(secret -> signed(secret, toSign, given))) {
            throw new S3Exception(S3Error.SIGNATURE_DOES_NOT_MATCH)
                    .withDetail("AWSAccessKeyId", accessKeyId(request))
                    .withDetail("StringToSign", toSign);
        }
    }

    private static boolean signed(String secretKey, String toSign, byte[] given) {
        byte[] ours = Base64.getEncoder().encode(hmac(secretKey, toSign));
        return MessageDigest.isEqual(ours, given);
    }

    private static long epochSecond(String expires) {
        try {
            return Long.parseLong(expires);
        } catch (NumberFormatException e) {
            throw new S3Exception(
                    S3Error.ACCESS_DENIED, "Invalid date (should be seconds since epoch).");
        }
    }

    private static String stringToSign(S3Request request, String expires) {
        StringBuilder text = new StringBuilder(256);
        text.append(request.method()).append('\n');
        text.append(headerOrParameter(request, "content-md5")).append('\n');
        text.append(headerOrParameter(request, "content-type")).append('\n');
        text.append(expires).append('\n');
        amazonHeaders(request)
                .forEach((name, value) -> text.append(name).append(':').append(value).append('\n'));
        resource(request.head().target(), text);
        return text.toString();
    }

    private static String headerOrParameter(S3Request request, String name) {
        return request.headers().first(name).or(() -> request.query().first(name)).orElse("");
    }

    /** Those sent as headers, and those that the URL carries as parameters. */
    private static SortedMap<String, String> amazonHeaders(S3Request request) {
        TreeMap<String, String> headers = new TreeMap<>();
        for (Parameter parameter : request.query().all()) {
            String name = parameter.name().toLowerCase(Locale.ROOT);
            if (name.startsWith("x-amz-")) {
                headers.put(name, parameter.value());
            }
        }
        for (String name : request.headers().names()) {
            if (name.startsWith("x-amz-")) {
                headers.put(name, String.join(",", request.headers().all(name)).strip());
            }
        }
        return headers;
    }

    private static void resource(RequestTarget target, StringBuilder text) {
        if (bucketIsInHost(target)) {
            text.append('/').append(target.bucket());
        }
        text.append(target.rawPath());
        List<Parameter> signed =
                target.query().all().stream()
                        .filter(parameter -> SIGNED_PARAMETERS.contains(parameter.name()))
                        .sorted(Comparator.comparing(Parameter::name))
                        .toList();
        char separator = '?';
        for (Parameter parameter : signed) {
            text.append(separator).append(parameter.name());
            if (!parameter.value().isEmpty()) {
                text.append('=').append(parameter.value());
            }
            separator = '&';
        }
    }

    /**
     * The path then names the key alone. Must not be guessed from the signature: a URL for {@code
     * /b/k} would be good for the key {@code b/k} of bucket {@code b} too.
     */
    private static boolean bucketIsInHost(RequestTarget target) {
        String path =
                URLDecoder.decode(target.rawPath().replace("+", "%2B"), StandardCharsets.UTF_8);
        return !target.bucket().isEmpty() && path.equals("/" + target.key());
    }

    private static byte[] hmac(String secretKey, String text) {
        try {
            Mac mac = Mac.getInstance("HmacSHA1");
            mac.init(new SecretKeySpec(secretKey.getBytes(StandardCharsets.UTF_8), "HmacSHA1"));
            return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
