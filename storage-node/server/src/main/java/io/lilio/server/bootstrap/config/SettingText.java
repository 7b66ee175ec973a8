package io.lilio.server.bootstrap.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/**
 * One setting as it was written: its key and its text, and what the text can be read as.
 *
 * @param key such as {@code lilio.s3.port}
 */
record SettingText(String key, String text) {

    /** Refuses the value. */
    InvalidSettingException refuse(String allowed) {
        return InvalidSettingException.of(key, text, allowed);
    }

    int number(int least, int most) {
        try {
            int number = Integer.parseInt(text.strip());
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            // Told below, in the same words as a number out of range.
        }
        throw refuse("a number from " + least + " to " + most);
    }

    boolean flag() {
        return switch (text.strip().toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw refuse("true or false");
        };
    }

    /** Bytes, with K, M or G for powers of 1,024. */
    long bytes(long least, long most) {
        String digits = text.strip().toUpperCase(Locale.ROOT);
        int shift = 0;
        if (!digits.isEmpty()) {
            shift =
                    switch (digits.charAt(digits.length() - 1)) {
                        case 'K' -> 10;
                        case 'M' -> 20;
                        case 'G' -> 30;
                        default -> 0;
                    };
        }
        try {
            long number =
                    Long.parseLong(shift == 0 ? digits : digits.substring(0, digits.length() - 1));
            long bytes = Math.multiplyExact(number, 1L << shift);
            if (bytes >= least && bytes <= most) {
                return bytes;
            }
        } catch (NumberFormatException | ArithmeticException notASize) {
            // Told below.
        }
        throw refuse("a size from " + size(least) + " to " + size(most) + ", such as 64K or 1M");
    }

    /** Bytes as they are written in a setting. */
    static String size(long bytes) {
        for (int shift = 30; shift > 0; shift -= 10) {
            if (bytes > 0 && bytes % (1L << shift) == 0) {
                return (bytes >> shift) + " KMG".substring(shift / 10, shift / 10 + 1);
            }
        }
        return Long.toString(bytes);
    }

    /** A part of a whole, from 0.01 to 1. */
    double share() {
        try {
            double share = Double.parseDouble(text.strip());
            if (share >= 0.01 && share <= 1) {
                return share;
            }
        } catch (NumberFormatException notANumber) {
            // Told below.
        }
        throw refuse("a share from 0.01 to 1, such as 0.2");
    }

    /** A time with its unit: ms, s, m, h or d. */
    Duration time(Duration least, Duration most) {
        String written = text.strip().toLowerCase(Locale.ROOT);
        int unit = 0;
        while (unit < written.length() && Character.isDigit(written.charAt(unit))) {
            unit++;
        }
        try {
            long number = Long.parseLong(written.substring(0, unit));
            Duration time =
                    switch (written.substring(unit).strip()) {
                        case "ms" -> Duration.ofMillis(number);
                        case "s" -> Duration.ofSeconds(number);
                        case "m" -> Duration.ofMinutes(number);
                        case "h" -> Duration.ofHours(number);
                        case "d" -> Duration.ofDays(number);
                        default -> throw new NumberFormatException();
                    };
            if (time.compareTo(least) >= 0 && time.compareTo(most) <= 0) {
                return time;
            }
        } catch (NumberFormatException | ArithmeticException notATime) {
            // Told below.
        }
        throw refuse("a time from " + time(least) + " to " + time(most) + ", such as 30s");
    }

    private static String time(Duration time) {
        if (time.toMillis() % 1000 != 0) {
            return time.toMillis() + "ms";
        }
        long seconds = time.toSeconds();
        if (seconds == 0) {
            return "0s";
        }
        return seconds % 86_400 == 0
                ? seconds / 86_400 + "d"
                : seconds % 3600 == 0
                        ? seconds / 3600 + "h"
                        : seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
    }

    /** One of these words. */
    String oneOf(String... words) {
        String written = text.strip().toLowerCase(Locale.ROOT);
        for (String word : words) {
            if (word.equals(written)) {
                return word;
            }
        }
        throw refuse(String.join(" or ", words));
    }

    Path path() {
        try {
            if (!text.isBlank()) {
                return Path.of(text).toAbsolutePath().normalize();
            }
        } catch (InvalidPathException notAPath) {
            // Told below.
        }
        throw refuse("the path of a directory");
    }

    String filled(String allowed) {
        if (text.isBlank()) {
            throw refuse(allowed);
        }
        return text.strip();
    }

    /** A PEM file. */
    Path pem() {
        Path path = path();
        if (!Files.isReadable(path)) {
            throw refuse("a PEM file that can be read");
        }
        return path;
    }

    /** What a file holds, without white space around it. */
    String content() {
        try {
            return Files.readString(path()).strip();
        } catch (IOException e) {
            throw refuse("a file that can be read");
        }
    }
}
