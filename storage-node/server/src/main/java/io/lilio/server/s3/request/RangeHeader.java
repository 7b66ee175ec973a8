package io.lilio.server.s3.request;

import io.lilio.object.ReadRange;
import io.lilio.server.s3.error.S3Exception;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * {@code Range} (RFC 9110 §14.2) and {@code x-amz-copy-source-range}. A Range that is malformed, of
 * another unit or asks for several ranges is ignored, as the RFC says and S3 does; whether one can
 * be satisfied is known when the object's size is.
 */
public final class RangeHeader {

    private static final Pattern FROM_TO =
            Pattern.compile("bytes\\s*=\\s*(\\d+)\\s*-\\s*(\\d*)", Pattern.CASE_INSENSITIVE);
    private static final Pattern SUFFIX =
            Pattern.compile("bytes\\s*=\\s*-\\s*(\\d+)", Pattern.CASE_INSENSITIVE);

    private RangeHeader() {}

    /** The range that a read asks for. */
    public static Optional<ReadRange> parse(String header) {
        Matcher suffix = SUFFIX.matcher(header.strip());
        if (suffix.matches()) {
            return Optional.of(new ReadRange.Suffix(number(suffix.group(1))));
        }
        Matcher fromTo = FROM_TO.matcher(header.strip());
        if (!fromTo.matches()) {
            return Optional.empty();
        }
        long first = number(fromTo.group(1));
        if (fromTo.group(2).isEmpty()) {
            return Optional.of(new ReadRange.FromTo(first, OptionalLong.empty()));
        }
        long last = number(fromTo.group(2));
        return last < first
                ? Optional.empty()
                : Optional.of(new ReadRange.FromTo(first, OptionalLong.of(last)));
    }

    /**
     * The bytes of a source that become a part: first and last are both needed.
     *
     * @throws S3Exception InvalidArgument
     */
    public static ReadRange.FromTo ofCopySource(String header) {
        if (parse(header).orElse(null) instanceof ReadRange.FromTo range
                && range.last().isPresent()) {
            return range;
        }
        throw QueryNumbers.invalid(
                "x-amz-copy-source-range",
                header,
                "The x-amz-copy-source-range value must be of the form bytes=first-last where first"
                        + " and last are the zero-based offsets of the first and last bytes to"
                        + " copy");
    }

    /** Digits; what no long holds is past the end of every object anyway. */
    private static long number(String digits) {
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException tooLarge) {
            return Long.MAX_VALUE;
        }
    }
}
