package io.lilio.server.s3;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Dates as HTTP headers have them (RFC 9110 §5.6.7): written as IMF-fixdate, read in that form, in
 * the two obsolete ones, and in ISO 8601, which S3 accepts too. Resolution: one second.
 */
public final class HttpTime {

    private static final DateTimeFormatter IMF_FIXDATE =
            DateTimeFormatter.ofPattern("EEE, dd MMM uuuu HH:mm:ss 'GMT'", Locale.ENGLISH)
                    .withZone(ZoneOffset.UTC);

    private static final DateTimeFormatter RFC_850 =
            new DateTimeFormatterBuilder()
                    .appendPattern("EEEE, dd-MMM-")
                    .appendValueReduced(ChronoField.YEAR, 2, 2, 1970)
                    .appendPattern(" HH:mm:ss 'GMT'")
                    .toFormatter(Locale.ENGLISH)
                    .withZone(ZoneOffset.UTC);

    private static final DateTimeFormatter ASCTIME =
            DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss uuuu", Locale.ENGLISH)
                    .withZone(ZoneOffset.UTC);

    private static final List<DateTimeFormatter> READABLE =
            List.of(IMF_FIXDATE, RFC_850, ASCTIME, DateTimeFormatter.ISO_OFFSET_DATE_TIME);

    private static final String DAYS = "MonTueWedThuFriSatSun";
    private static final String MONTHS = "JanFebMarAprMayJunJulAugSepOctNovDec";

    private HttpTime() {}

    /** For example {@code Mon, 23 Nov 2026 09:50:00 GMT}. By hand: every answer has one. */
    public static String format(Instant time) {
        LocalDateTime at = LocalDateTime.ofEpochSecond(time.getEpochSecond(), 0, ZoneOffset.UTC);
        int year = at.getYear();
        if (year < 1000 || year > 9999) {
            return IMF_FIXDATE.format(time);
        }
        StringBuilder text = new StringBuilder(29);
        text.append(DAYS, (at.getDayOfWeek().getValue() - 1) * 3, at.getDayOfWeek().getValue() * 3);
        twoDigits(text.append(", "), at.getDayOfMonth());
        text.append(' ').append(MONTHS, (at.getMonthValue() - 1) * 3, at.getMonthValue() * 3);
        twoDigits(text.append(' ').append(year).append(' '), at.getHour());
        twoDigits(text.append(':'), at.getMinute());
        twoDigits(text.append(':'), at.getSecond());
        return text.append(" GMT").toString();
    }

    private static void twoDigits(StringBuilder text, int number) {
        text.append((char) ('0' + number / 10)).append((char) ('0' + number % 10));
    }

    /** The point in time, or nothing when the text is no date; HTTP ignores such conditions. */
    public static Optional<Instant> parse(String text) {
        return READABLE.stream().flatMap(form -> parse(form, text).stream()).findFirst();
    }

    private static Optional<Instant> parse(DateTimeFormatter form, String text) {
        try {
            return Optional.of(
                    form == DateTimeFormatter.ISO_OFFSET_DATE_TIME
                            ? form.parse(text, Instant::from)
                            : form.parse(text, LocalDateTime::from).toInstant(ZoneOffset.UTC));
        } catch (DateTimeException notThatForm) {
            return Optional.empty();
        }
    }
}
