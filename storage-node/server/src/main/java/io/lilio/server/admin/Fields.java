package io.lilio.server.admin;

import io.lilio.server.admin.gate.AdminError;
import io.lilio.server.admin.gate.AdminException;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What requests say, checked. */
final class Fields {

    private static final int SHOWN = 80;
    private static final int USUAL_PAGE = 100;
    private static final int MAX_PAGE = 1_000;

    private Fields() {}

    /**
     * @throws AdminException when there is none
     */
    static <T> T body(@Nullable T document) {
        if (document == null) {
            throw new AdminException(AdminError.BAD_REQUEST, "The request needs a JSON document.");
        }
        return document;
    }

    /** A text for people: one line, empty when absent. */
    static String text(String name, @Nullable String text, int maxLength) {
        if (text == null) {
            return "";
        }
        if (text.length() > maxLength || text.chars().anyMatch(Character::isISOControl)) {
            throw AdminException.field(
                    name, name + " is one line of at most " + maxLength + " characters.");
        }
        return text;
    }

    /** A text that has to be there: one line of 1 to so many characters. */
    static String required(String name, @Nullable String text, int maxLength) {
        if (text(name, text, maxLength).isEmpty()) {
            throw AdminException.field(
                    name, name + " is needed, one line of 1 to " + maxLength + " characters.");
        }
        return Objects.requireNonNull(text);
    }

    /** What a page begins behind; null for the first. */
    static @Nullable String pageStart(@Nullable String after) {
        return after == null || after.isEmpty() ? null : after;
    }

    /** How much a page holds at most. */
    static int pageLimit(@Nullable String text) {
        if (text == null || text.isEmpty()) {
            return USUAL_PAGE;
        }
        try {
            int number = Integer.parseInt(text);
            if (number >= 1 && number <= MAX_PAGE) {
                return number;
            }
        } catch (NumberFormatException notOne) {
            // Told below.
        }
        throw AdminException.field(
                "limit", "limit is a number from 1 to " + MAX_PAGE + ", not " + shown(text) + ".");
    }

    /** With a capital and a full stop. */
    static String sentence(String text) {
        if (text.isEmpty()) {
            return text;
        }
        String capital = text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1);
        return capital.endsWith(".") ? capital : capital + ".";
    }

    /**
     * A name that clients gave to something, within a sentence: what is no visible character is
     * written as its code, and what is beyond so many characters is cut off.
     */
    static String named(String text, int maxLength) {
        StringBuilder named = new StringBuilder();
        for (int at = 0; at < text.length(); ) {
            int character = text.codePointAt(at);
            String piece =
                    isVisible(character)
                            ? Character.toString(character)
                            : "\\u{%x}".formatted(character);
            if (named.length() + piece.length() > maxLength) {
                return named.append("...").toString();
            }
            named.append(piece);
            at += Character.charCount(character);
        }
        return named.toString();
    }

    private static boolean isVisible(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR ->
                    false;
            default -> true;
        };
    }

    /** What a client sent, short enough to be sent back. */
    static String shown(@Nullable String text) {
        if (text == null) {
            return "absent";
        }
        return "\"" + (text.length() > SHOWN ? text.substring(0, SHOWN) + "..." : text) + "\"";
    }
}
