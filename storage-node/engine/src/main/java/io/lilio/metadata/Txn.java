package io.lilio.metadata;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A transaction: when all compares hold, all writes happen, at one new revision; otherwise nothing
 * is written and {@code elseReads} are read at the revision at which the compares failed.
 *
 * @param purpose what a store that runs short of space decides by
 */
public record Txn(
        Purpose purpose, List<Compare> compares, List<Write> writes, List<Bytes> elseReads) {

    /**
     * A store takes at most this many compares, writes and reads each in one transaction (etcd's
     * default).
     */
    public static final int MAX_OPERATIONS = 128;

    /** What a transaction is for. */
    public enum Purpose {
        /** Adds data: refused first when the store is nearly full. */
        GROW,
        /** Deletes, marks, fences, trash, settled: goes on while a full store is emptied. */
        UPKEEP
    }

    public Txn {
        compares = List.copyOf(compares);
        writes = List.copyOf(writes);
        elseReads = List.copyOf(elseReads);
        if (compares.size() > MAX_OPERATIONS
                || writes.size() > MAX_OPERATIONS
                || elseReads.size() > MAX_OPERATIONS) {
            throw new IllegalArgumentException(
                    "a transaction of "
                            + compares.size()
                            + " compares, "
                            + writes.size()
                            + " writes and "
                            + elseReads.size()
                            + " reads is over "
                            + MAX_OPERATIONS);
        }
        Set<Bytes> written = new HashSet<>();
        long bytes = 0;
        for (Write write : writes) {
            Limits.checkKey(write.key());
            if (!written.add(write.key())) {
                throw new IllegalArgumentException(
                        "a transaction writes the key " + write.key() + " twice");
            }
            bytes += write.sizeBytes();
        }
        if (bytes > Limits.MAX_TXN_BYTES) {
            throw new IllegalArgumentException(
                    "a transaction writes " + bytes + " bytes; at most " + Limits.MAX_TXN_BYTES);
        }
    }

    public static Builder grow() {
        return new Builder(Purpose.GROW);
    }

    public static Builder upkeep() {
        return new Builder(Purpose.UPKEEP);
    }

    /** Collects the parts of a transaction. Not thread-safe. */
    public static final class Builder {
        private final Purpose purpose;
        private final List<Compare> compares = new ArrayList<>();
        private final List<Write> writes = new ArrayList<>();
        private final List<Bytes> elseReads = new ArrayList<>();

        private Builder(Purpose purpose) {
            this.purpose = purpose;
        }

        public Builder when(Compare compare) {
            compares.add(compare);
            return this;
        }

        public Builder when(List<Compare> several) {
            compares.addAll(several);
            return this;
        }

        public Builder put(Bytes key, Bytes value) {
            writes.add(new Write.Put(key, value));
            return this;
        }

        public Builder put(Bytes key, Bytes value, LeaseId lease) {
            writes.add(new Write.PutLeased(key, value, lease));
            return this;
        }

        public Builder delete(Bytes key) {
            writes.add(new Write.Delete(key));
            return this;
        }

        public Builder elseRead(Bytes key) {
            elseReads.add(key);
            return this;
        }

        public Txn build() {
            return new Txn(purpose, compares, writes, elseReads);
        }
    }
}
