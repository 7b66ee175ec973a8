package io.lilio.maintenance.run;

import java.util.Arrays;
import java.util.regex.Pattern;

/** What runs may be called that are asked for. */
public final class RunIds {

    /** The rule, for a sentence. */
    public static final String RULE =
            "1 to 64 letters, digits, dots, minus signs and underscores, and no name of a kind";

    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    private RunIds() {}

    /** Those that nodes begin by themselves are called as their kinds, so nothing else is. */
    public static boolean allow(String id) {
        return FORM.matcher(id).matches()
                && Arrays.stream(TaskKind.values()).noneMatch(kind -> kind.id().equals(id));
    }
}
