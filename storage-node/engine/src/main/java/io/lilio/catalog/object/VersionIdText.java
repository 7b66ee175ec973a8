package io.lilio.catalog.object;

import io.lilio.ObjectStoreException;
import io.lilio.ObjectStoreException.Kind;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** The text form of version ids. */
final class VersionIdText {

    private static final Pattern NUMBERED = Pattern.compile("[0-9a-f]{32}");

    private VersionIdText() {}

    static VersionId parse(String text) {
        if (text.equals("null")) {
            return new VersionId.Null();
        }
        if (!NUMBERED.matcher(text).matches()) {
            throw new ObjectStoreException(
                    Kind.INVALID_ARGUMENT, "Invalid version id specified: " + text);
        }
        return new VersionId.Numbered(
                HexFormat.fromHexDigitsToLong(text, 0, 16),
                HexFormat.fromHexDigitsToLong(text, 16, 32));
    }
}
