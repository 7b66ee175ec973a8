package io.lilio.server.s3.request;

import io.lilio.server.s3.error.S3Error;
import io.lilio.server.s3.error.S3Exception;
import io.lilio.server.s3.http.S3Request;

/** Numbers in query parameters. */
public final class QueryNumbers {

    /** Pages of a listing have at most so many entries. */
    public static final int MAX_PAGE = 1_000;

    private QueryNumbers() {}

    /**
     * The size of a page ({@code max-keys}, {@code max-parts}, {@code max-uploads}): {@value
     * #MAX_PAGE} when absent or larger.
     *
     * @throws S3Exception InvalidArgument for what is not a number from 0 to 2147483647
     */
    public static int pageSize(S3Request request, String parameter) {
        return Math.min(MAX_PAGE, number(request, parameter, MAX_PAGE));
    }

    /**
     * A number from 0 to 2147483647.
     *
     * @throws S3Exception InvalidArgument
     */
    public static int number(S3Request request, String parameter, int whenAbsent) {
        String text = request.query().first(parameter).orElse("");
        if (text.isEmpty()) {
            return whenAbsent;
        }
        try {
            int number = Integer.parseInt(text);
            if (number >= 0 && text.charAt(0) != '+') {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            // Answered like a number out of range.
        }
        throw invalid(
                parameter,
                text,
                "Argument " + parameter + " must be an integer between 0 and 2147483647");
    }

    /**
     * The parameter {@code partNumber}, which must be there.
     *
     * @throws S3Exception InvalidArgument for what is not a number from 1 to 10,000
     */
    public static int partNumber(S3Request request) {
        String text = request.query().first("partNumber").orElse("");
        try {
            int number = Integer.parseInt(text);
            if (number >= 1 && number <= 10_000 && text.charAt(0) != '+') {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            // Answered like a number out of range.
        }
        throw invalid(
                "partNumber",
                text,
                "Part number must be an integer between 1 and 10000, inclusive");
    }

    /** An InvalidArgument that names the argument, as S3 does. */
    public static S3Exception invalid(String name, String value, String message) {
        return new S3Exception(S3Error.INVALID_ARGUMENT, message)
                .withDetail("ArgumentName", name)
                .withDetail("ArgumentValue", value);
    }
}
