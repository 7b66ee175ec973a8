package io.lilio.metadata.session;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lilio.metadata.Bytes;
import io.lilio.metadata.LeaseId;
import io.lilio.metadata.MetadataBehindException;
import io.lilio.metadata.Txn;
import io.lilio.metadata.memory.MemoryMetadataStore;
import io.lilio.time.SystemTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class MarkTest {

    /** Whose revisions were raised, so that nothing else tells. */
    @Test
    void aMarkThatIsOlderThanWhatWasWrittenProvesThatTheMetadataWentBack() {
        try (SystemTime time = new SystemTime();
                MemoryMetadataStore restored = new MemoryMetadataStore(time)) {
            SessionKeys keys = new SessionKeys(1);
            LeaseId lease = restored.grantLease(Duration.ofMinutes(1));
            restored.commit(Txn.upkeep().put(keys.mark(), Mark.encode(1), lease).build());
            long writtenLater = restored.revision() + 5;
            for (int i = 0; i < 20; i++) {
                restored.commit(Txn.upkeep().put(Bytes.ofUtf8("x"), Bytes.empty()).build());
            }
            Mark mark =
                    new Mark(
                            restored,
                            new Birth(keys, lease, writtenLater, writtenLater),
                            new InFlightSet(writtenLater));

            assertThatThrownBy(mark::publish).isInstanceOf(MetadataBehindException.class);
        }
    }
}
