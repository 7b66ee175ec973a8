package io.lilio.metadata.etcd;

import io.etcd.jetcd.api.LeaseGrantResponse;
import io.etcd.jetcd.api.LeaseRevokeResponse;
import io.etcd.jetcd.api.RangeResponse;
import io.etcd.jetcd.api.ResponseHeader;
import io.etcd.jetcd.api.TxnResponse;
import io.grpc.Status;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Which etcd cluster answers: the one that answered first, for as long as this process runs. What
 * another one says, at an address where ours was or beside it, is about other data and counts as no
 * answer. Thread-safe.
 */
final class EtcdIdentity {

    /** 0 before the first answer: etcd's own ids are hashes. */
    private final AtomicLong first = new AtomicLong();

    /**
     * Looks at who answered.
     *
     * @return empty when it is the right one, or the answer does not tell
     */
    Optional<EtcdException> stranger(Object answer) {
        return header(answer).map(ResponseHeader::getClusterId).flatMap(this::compare);
    }

    private Optional<EtcdException> compare(long id) {
        if (id == 0 || first.compareAndSet(0, id) || first.get() == id) {
            return Optional.empty();
        }
        String stranger =
                ("another etcd cluster answers (%x) than the one that this node began with (%x):"
                                + " put that one back; if this one holds its data, restart the node")
                        .formatted(id, first.get());
        return Optional.of(new EtcdException(Status.UNAVAILABLE.withDescription(stranger), true));
    }

    private static Optional<ResponseHeader> header(Object answer) {
        return switch (answer) {
            case RangeResponse range -> Optional.of(range.getHeader());
            case TxnResponse txn -> Optional.of(txn.getHeader());
            case LeaseGrantResponse grant -> Optional.of(grant.getHeader());
            case LeaseRevokeResponse revoke -> Optional.of(revoke.getHeader());
            default -> Optional.empty();
        };
    }
}
