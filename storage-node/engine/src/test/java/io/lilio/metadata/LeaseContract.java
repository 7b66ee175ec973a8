package io.lilio.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Leases and the keys under them. */
public abstract class LeaseContract extends MetadataStoreContract {

    @Test
    void keysUnderALeaseVanishTogetherWhenNobodyKeepsItAlive() throws InterruptedException {
        LeaseId lease = store.grantLease(ttl());
        committed(
                Txn.grow()
                        .put(bytes("a"), bytes("1"), lease)
                        .put(bytes("b"), bytes("1"), lease)
                        .put(bytes("free"), bytes("1"))
                        .build());
        long before = store.revision();

        pass(ttl().dividedBy(2));
        assertThat(get("a")).isPresent();
        pass(ttl());
        awaitGone("a");

        ReadResult read = store.read(List.of(bytes("a"), bytes("b"), bytes("free")));
        assertThat(read.get(0)).isEmpty();
        assertThat(read.get(1)).isEmpty();
        assertThat(read.get(2)).isPresent();
        assertThat(read.revision()).as("one transaction").isEqualTo(before + 1);
        assertThat(store.keepAlive(lease)).isFalse();
    }

    @Test
    void aLeaseThatIsKeptAliveGoesOn() throws InterruptedException {
        LeaseId lease = store.grantLease(ttl());
        committed(Txn.grow().put(bytes("a"), bytes("1"), lease).build());
        Duration most = ttl().multipliedBy(6).dividedBy(10);
        for (int i = 0; i < 3; i++) {
            pass(most);
            assertThat(store.keepAlive(lease)).isTrue();
        }
        assertThat(get("a")).isPresent();
        pass(most);
        assertThat(get("a")).isPresent();
        pass(most);
        awaitGone("a");
    }

    @Test
    void revokingEndsALeaseAtOnce() {
        LeaseId lease = store.grantLease(ttl());
        committed(Txn.grow().put(bytes("a"), bytes("1"), lease).build());
        store.revokeLease(lease);
        assertThat(get("a")).isEmpty();
        assertThat(store.keepAlive(lease)).isFalse();
        store.revokeLease(lease);
    }

    @Test
    void aLeaseWithoutKeysEndsWithoutARevision() {
        long before = store.revision();
        LeaseId lease = store.grantLease(ttl());
        store.revokeLease(lease);
        assertThat(store.revision()).isEqualTo(before);
    }

    @Test
    void leasesHaveTheirOwnNames() {
        assertThat(store.grantLease(ttl())).isNotEqualTo(store.grantLease(ttl()));
        assertThat(store.keepAlive(new LeaseId(987_654_321))).isFalse();
        assertThatThrownBy(() -> store.grantLease(Duration.ZERO))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void aKeyPutAgainLeavesItsLease() {
        LeaseId lease = store.grantLease(ttl());
        LeaseId other = store.grantLease(ttl());
        committed(
                Txn.grow()
                        .put(bytes("freed"), bytes("1"), lease)
                        .put(bytes("moved"), bytes("1"), lease)
                        .put(bytes("gone"), bytes("1"), lease)
                        .put(bytes("kept"), bytes("1"), lease)
                        .build());
        committed(
                Txn.grow()
                        .put(bytes("freed"), bytes("2"))
                        .put(bytes("moved"), bytes("2"), other)
                        .put(bytes("kept"), bytes("2"), lease)
                        .delete(bytes("gone"))
                        .build());
        put("gone", "2");

        store.revokeLease(lease);

        assertThat(value("freed")).isEqualTo("2");
        assertThat(value("moved")).isEqualTo("2");
        assertThat(value("gone")).isEqualTo("2");
        assertThat(get("kept")).isEmpty();
        store.revokeLease(other);
        assertThat(get("moved")).isEmpty();
    }

    @Test
    void nothingIsPutUnderALeaseThatHasEnded() {
        LeaseId lease = store.grantLease(ttl());
        store.revokeLease(lease);
        long before = store.revision();
        Txn txn =
                Txn.grow()
                        .when(new Compare.Absent(bytes("a")))
                        .put(bytes("a"), bytes("1"), lease)
                        .put(bytes("b"), bytes("1"))
                        .build();
        assertThatThrownBy(() -> store.commit(txn)).isInstanceOf(LeaseEndedException.class);
        assertThat(get("b")).isEmpty();
        assertThat(store.revision()).isEqualTo(before);

        put("a", "1");
        refused(txn);
    }

    /** A lease ends at its time; its keys go soon after. */
    private void awaitGone(String key) {
        while (get(key).isPresent()) {
            Thread.onSpinWait();
        }
    }
}
