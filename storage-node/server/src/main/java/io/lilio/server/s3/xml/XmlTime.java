package io.lilio.server.s3.xml;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Points in time as S3's XML has them: {@code 2026-11-23T09:50:00.123Z}. */
public final class XmlTime {

    private static final DateTimeFormatter FORMAT =
            DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

    private XmlTime() {}

    public static String format(Instant time) {
        return FORMAT.format(time);
    }
}
