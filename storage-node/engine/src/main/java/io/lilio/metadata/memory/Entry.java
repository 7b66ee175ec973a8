package io.lilio.metadata.memory;

import io.lilio.metadata.Bytes;
import io.lilio.metadata.KeyValue;
import io.lilio.metadata.LeaseId;
import org.jspecify.annotations.Nullable;

/** A key that exists, and the lease it is under, if any. */
record Entry(KeyValue keyValue, @Nullable LeaseId lease) {

    Bytes key() {
        return keyValue.key();
    }
}
