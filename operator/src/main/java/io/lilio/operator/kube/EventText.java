package io.lilio.operator.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.MicroTime;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** Texts of Events as the API server takes them. Pure. */
final class EventText {

    private static final DateTimeFormatter MICROSECONDS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSSSSS'Z'").withZone(ZoneOffset.UTC);

    private static final int NOTE_BYTES = 1_024;

    /** Of a name's 253 characters, what the number leaves. */
    private static final int NAME_CHARACTERS = 230;

    private EventText() {}

    static MicroTime time(Instant instant) {
        return new MicroTime(MICROSECONDS.format(instant));
    }

    /** A note without what is too much of it. */
    static String note(String note) {
        String cut = note.substring(0, Math.min(note.length(), NOTE_BYTES));
        while (cut.getBytes(StandardCharsets.UTF_8).length > NOTE_BYTES) {
            cut = cut.substring(0, cut.offsetByCodePoints(cut.length(), -1));
        }
        return cut;
    }

    /**
     * What an Event is called.
     *
     * @param number distinguishes it from all others about the same
     */
    static String name(HasMetadata about, long number) {
        String name = about.getMetadata().getName();
        String begin = name.substring(0, Math.min(name.length(), NAME_CHARACTERS));
        while (begin.endsWith(".") || begin.endsWith("-")) {
            begin = begin.substring(0, begin.length() - 1);
        }
        return begin + "." + Long.toHexString(number);
    }
}
