package io.lilio.server.s3.xml;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;

/**
 * Points in time as S3's XML has them: {@code 2026-11-23T09:50:00.123Z}. Written out here because a
 * listing has a thousand of them and a DateTimeFormatter takes longer than the rest of an entry.
 */
final class XmlTime {

    private XmlTime() {}

    /** Appends a time, to the millisecond. */
    static void append(StringBuilder text, Instant time) {
        LocalDateTime utc = LocalDateTime.ofInstant(time, ZoneOffset.UTC);
        append(text, utc.getYear(), 4);
        append(text.append('-'), utc.getMonthValue(), 2);
        append(text.append('-'), utc.getDayOfMonth(), 2);
        append(text.append('T'), utc.getHour(), 2);
        append(text.append(':'), utc.getMinute(), 2);
        append(text.append(':'), utc.getSecond(), 2);
        append(text.append('.'), utc.getNano() / 1_000_000, 3);
        text.append('Z');
    }

    private static void append(StringBuilder text, int number, int digits) {
        int power = 1;
        for (int i = 1; i < digits; i++) {
            power *= 10;
        }
        for (; power > 0; power /= 10) {
            text.append((char) ('0' + number / power % 10));
        }
    }
}
