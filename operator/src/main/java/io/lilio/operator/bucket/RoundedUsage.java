package io.lilio.operator.bucket;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * Figures as they stand in status. Those below 100 are exact. Others have two digits, and stay as
 * they are until what they stand for differs from them by more than a tenth: a bucket in use
 * changes all the time, and its resource should not.
 */
final class RoundedUsage {

    private static final int EXACT_BELOW = 100;
    private static final int TOLERATED = 10;
    private static final MathContext DIGITS = new MathContext(2, RoundingMode.HALF_UP);

    private RoundedUsage() {}

    /**
     * @param shown as it stands in status; null: not yet
     * @param exact 0 or more
     */
    static long of(@Nullable Long shown, long exact) {
        if (exact < EXACT_BELOW) {
            return exact;
        }
        if (shown != null && Math.abs(shown - exact) <= shown / TOLERATED) {
            return shown;
        }
        // HALF_UP may round beyond what a long holds.
        return BigDecimal.valueOf(exact)
                .round(DIGITS)
                .min(BigDecimal.valueOf(Long.MAX_VALUE))
                .longValue();
    }
}
