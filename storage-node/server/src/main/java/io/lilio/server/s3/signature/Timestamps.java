package io.lilio.server.s3.signature;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/** The ISO 8601 basic format of signatures: {@code 20261123T100000Z}. */
final class Timestamps {

    private static final DateTimeFormatter BASIC =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    private Timestamps() {}

    static String format(Instant time) {
        return BASIC.format(time);
    }

    /** Seconds since 1970; empty when the text is not such a time. By hand: it is a hot path. */
    static Optional<Long> parse(String text) {
        if (text.length() != 16 || text.charAt(8) != 'T' || text.charAt(15) != 'Z') {
            return Optional.empty();
        }
        try {
            return Optional.of(
                    LocalDateTime.of(
                                    number(text, 0, 4),
                                    number(text, 4, 6),
                                    number(text, 6, 8),
                                    number(text, 9, 11),
                                    number(text, 11, 13),
                                    number(text, 13, 15))
                            .toEpochSecond(ZoneOffset.UTC));
        } catch (DateTimeException notATime) {
            return Optional.empty();
        }
    }

    private static int number(String text, int from, int to) {
        int number = 0;
        for (int i = from; i < to; i++) {
            char digit = text.charAt(i);
            if (digit < '0' || digit > '9') {
                throw new DateTimeException("not a digit");
            }
            number = number * 10 + digit - '0';
        }
        return number;
    }

    /** A Date header (RFC 9110 §5.6.7) as a timestamp. */
    static Optional<String> ofHttpDate(String date) {
        try {
            return Optional.of(
                    format(
                            ZonedDateTime.parse(date, DateTimeFormatter.RFC_1123_DATE_TIME)
                                    .toInstant()));
        } catch (DateTimeException notADate) {
            return parse(date).isPresent() ? Optional.of(date) : Optional.empty();
        }
    }
}
