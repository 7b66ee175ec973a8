package io.lilio.operator.dependent;

import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;

/** Sizes as numbers. */
final class Bytes {

    static final long GIB = 1L << 30;

    private static final BigDecimal MOST = BigDecimal.valueOf(Long.MAX_VALUE);

    private Bytes() {}

    /** A size in bytes, rounded down; one that is larger than any is {@link Long#MAX_VALUE}. */
    static long of(Quantity size) {
        return Quantity.getAmountInBytes(size).min(MOST).longValue();
    }
}
