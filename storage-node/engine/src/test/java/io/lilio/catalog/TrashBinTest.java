package io.lilio.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.catalog.trash.TrashBin;
import io.lilio.catalog.trash.TrashEntry;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TrashBinTest {

    private final CatalogFixture fixture = CatalogFixture.create();
    private final TrashBin trash = fixture.catalog.trash();

    @AfterEach
    void close() {
        fixture.close();
    }

    private List<TrashEntry.OfBlob> thrownAway(int count) {
        for (int i = 0; i < count; i++) {
            fixture.putBlob("key-" + i);
            fixture.delete("key-" + i);
        }
        return fixture.trash().stream().map(TrashEntry.OfBlob.class::cast).toList();
    }

    @Test
    void entriesOfBlobsGoTogether() {
        List<TrashEntry.OfBlob> entries = thrownAway(150);
        long before = fixture.store.revision();
        assertThat(trash.removeBlobs(entries)).isEqualTo(150);
        assertThat(fixture.trash()).isEmpty();
        assertThat(fixture.store.revision() - before).as("transactions").isEqualTo(3);
        assertThat(trash.removeBlobs(entries)).as("once").isZero();
        assertThat(trash.removeBlobs(List.of())).isZero();
    }

    @Test
    void whatAnotherSweeperHasRemovedHoldsNothingUp() {
        List<TrashEntry.OfBlob> entries = thrownAway(10);
        trash.remove(entries.get(3));
        assertThat(trash.removeBlobs(entries)).isEqualTo(9);
        assertThat(fixture.trash()).isEmpty();
    }
}
