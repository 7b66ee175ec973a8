package io.lilio.server.s3.signature;

import io.lilio.server.s3.error.S3Error;
import io.lilio.server.s3.error.S3Exception;
import io.lilio.server.s3.http.QueryParameters;
import io.lilio.server.s3.http.QueryParameters.Parameter;
import io.lilio.server.s3.http.RequestHeaders;
import io.lilio.server.s3.http.S3Request;
import io.lilio.server.s3.signature.Claim.Timing;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what a request says about its signature, in its Authorization header or its query. */
final class ClaimParser {

    static final String ALGORITHM = "AWS4-HMAC-SHA256";

    /** Seven days. */
    private static final long MAX_EXPIRES_SECONDS = 604_800;

    /** More than any client signs; what it costs to look at them all grows with their number. */
    private static final int MAX_SIGNED_HEADERS = 128;

    private final String region;
    private final List<String> services;

    /**
     * @param region the only one that signatures may be scoped to
     * @param services those that signatures may be scoped to
     */
    ClaimParser(String region, List<String> services) {
        this.region = region;
        this.services = List.copyOf(services);
    }

    /**
     * @throws S3Exception when the request is not signed, or in no way that is understood
     */
    Claim parse(S3Request request) {
        QueryParameters query = request.query();
        boolean presigned = query.has("X-Amz-Algorithm") || query.has("X-Amz-Signature");
        List<String> authorization = request.headers().all("authorization");
        if (presigned && !authorization.isEmpty() || authorization.size() > 1) {
            throw new S3Exception(
                    S3Error.INVALID_ARGUMENT, "Only one way of authentication is allowed.");
        }
        if (presigned) {
            return fromQuery(query);
        }
        if (!authorization.isEmpty()) {
            return fromHeader(authorization.getFirst(), request.headers());
        }
        throw new S3Exception(S3Error.ACCESS_DENIED);
    }

    private Claim fromHeader(String header, RequestHeaders headers) {
        if (!header.startsWith(ALGORITHM)) {
            if (header.startsWith("AWS ") || header.startsWith("AWS4-")) {
                throw outdated();
            }
            throw new S3Exception(S3Error.INVALID_ARGUMENT, "Unsupported Authorization type.");
        }
        String credential = null;
        String signedHeaders = null;
        String signature = null;
        int from = ALGORITHM.length();
        while (from < header.length()) {
            int comma = header.indexOf(',', from);
            int to = comma < 0 ? header.length() : comma;
            int equals = header.indexOf('=', from);
            if (equals < 0 || equals >= to) {
                throw malformedHeader("a part of it is no key-value pair.");
            }
            String value = header.substring(equals + 1, to).strip();
            switch (header.substring(from, equals).strip()) {
                case "Credential" -> credential = once(credential, value);
                case "SignedHeaders" -> signedHeaders = once(signedHeaders, value);
                case "Signature" -> signature = once(signature, value);
                default -> throw malformedHeader("it has a part that is not known.");
            }
            from = to + 1;
        }
        if (credential == null || signedHeaders == null || signature == null) {
            throw malformedHeader("it needs Credential, SignedHeaders and Signature.");
        }
        return claim(credential, signedHeaders, signature, timing(headers), this::malformedHeader);
    }

    private String once(@Nullable String before, String value) {
        if (before != null) {
            throw malformedHeader("a part of it is there twice.");
        }
        return value;
    }

    private static Timing timing(RequestHeaders headers) {
        String timestamp =
                headers.first("x-amz-date")
                        .or(() -> headers.first("date").flatMap(Timestamps::ofHttpDate))
                        .orElse("");
        long second =
                Timestamps.parse(timestamp)
                        .orElseThrow(
                                () ->
                                        new S3Exception(
                                                S3Error.ACCESS_DENIED,
                                                "AWS authentication requires a valid Date or"
                                                        + " x-amz-date header."));
        return new Timing(timestamp, second, 0);
    }

    private Claim fromQuery(QueryParameters query) {
        if (!only(query, "X-Amz-Algorithm").equals(ALGORITHM)) {
            throw malformedQuery("X-Amz-Algorithm only supports \"" + ALGORITHM + "\".");
        }
        String timestamp = only(query, "X-Amz-Date");
        long second =
                Timestamps.parse(timestamp)
                        .orElseThrow(
                                () ->
                                        malformedQuery(
                                                "X-Amz-Date must be in the ISO8601 Long Format"
                                                        + " \"yyyyMMdd'T'HHmmss'Z'\"."));
        return claim(
                only(query, "X-Amz-Credential"),
                only(query, "X-Amz-SignedHeaders"),
                only(query, "X-Amz-Signature"),
                new Timing(timestamp, second, expires(only(query, "X-Amz-Expires"))),
                this::malformedQuery);
    }

    private long expires(String text) {
        long seconds;
        try {
            seconds = Long.parseLong(text);
        } catch (NumberFormatException notANumber) {
            throw malformedQuery("X-Amz-Expires should be a number.");
        }
        if (seconds < 1 || seconds > MAX_EXPIRES_SECONDS) {
            throw malformedQuery(
                    "X-Amz-Expires must be between 1 and " + MAX_EXPIRES_SECONDS + " seconds.");
        }
        return seconds;
    }

    private String only(QueryParameters query, String name) {
        String value = null;
        for (Parameter parameter : query.all()) {
            if (parameter.name().equals(name)) {
                if (value != null) {
                    throw malformedQuery(name + " is there twice.");
                }
                value = parameter.value();
            }
        }
        if (value == null || value.isEmpty()) {
            throw malformedQuery(
                    "Query-string authentication version 4 requires the X-Amz-Algorithm,"
                            + " X-Amz-Credential, X-Amz-Signature, X-Amz-Date,"
                            + " X-Amz-SignedHeaders, and X-Amz-Expires parameters.");
        }
        return value;
    }

    /** How a claim is refused, depending on where it stood. */
    private interface Refusal {
        S3Exception because(String reason);
    }

    private Claim claim(
            String credential,
            String signedHeaders,
            String signature,
            Timing timing,
            Refusal malformed) {
        // The access key itself may hold slashes: the scope is the last four parts.
        int end = credential.lastIndexOf('/');
        int service = end < 0 ? -1 : credential.lastIndexOf('/', end - 1);
        int regionAt = service < 0 ? -1 : credential.lastIndexOf('/', service - 1);
        int date = regionAt < 0 ? -1 : credential.lastIndexOf('/', regionAt - 1);
        if (date < 1) {
            throw malformed.because(
                    "the Credential must have the form"
                            + " \"<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request\".");
        }
        Scope scope =
                new Scope(
                        credential.substring(date + 1, regionAt),
                        credential.substring(regionAt + 1, service),
                        credential.substring(service + 1, end));
        if (!scope.region().equals(region)) {
            throw malformed
                    .because(
                            "the region '"
                                    + scope.region()
                                    + "' is wrong; expecting '"
                                    + region
                                    + "'")
                    .withDetail("Region", region);
        }
        if (!services.contains(scope.service()) || !credential.endsWith("/" + Scope.TERMINATOR)) {
            throw malformed.because(
                    "the scope must end in \"/" + services.getFirst() + "/aws4_request\".");
        }
        if (!timing.timestamp().startsWith(scope.date())) {
            throw malformed.because("the date in the Credential is not that of the request.");
        }
        List<String> names = names(signedHeaders, malformed);
        if (!names.contains("host")) {
            throw malformed.because("the Host header must be signed.");
        }
        return new Claim(credential.substring(0, date), scope, names, signature.strip(), timing);
    }

    private static List<String> names(String list, Refusal malformed) {
        List<String> names = new ArrayList<>(8);
        int from = 0;
        while (from <= list.length()) {
            int semicolon = list.indexOf(';', from);
            int to = semicolon < 0 ? list.length() : semicolon;
            String name = list.substring(from, to);
            if (names.size() == MAX_SIGNED_HEADERS || names.contains(name)) {
                throw malformed.because("a header is signed twice, or too many are.");
            }
            names.add(name);
            from = to + 1;
        }
        return names;
    }

    private static S3Exception outdated() {
        return new S3Exception(
                S3Error.INVALID_REQUEST,
                "The authorization mechanism you have provided is not supported. Please use "
                        + ALGORITHM
                        + ".");
    }

    private S3Exception malformedHeader(String reason) {
        return new S3Exception(
                S3Error.AUTHORIZATION_HEADER_MALFORMED,
                "The authorization header is malformed; " + reason);
    }

    private S3Exception malformedQuery(String reason) {
        return new S3Exception(
                S3Error.AUTHORIZATION_QUERY_PARAMETERS_ERROR,
                "Error parsing the query-string authentication; " + reason);
    }
}
