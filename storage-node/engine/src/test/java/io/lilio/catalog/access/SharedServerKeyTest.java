package io.lilio.catalog.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lilio.catalog.Keys;
import io.lilio.metadata.Bytes;
import io.lilio.metadata.memory.MemoryMetadataStore;
import io.lilio.time.SystemTime;
import java.security.SecureRandom;
import java.util.List;
import javax.crypto.SecretKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SharedServerKeyTest {

    private static final String SECRET = "a secret of this cluster";

    private final SystemTime time = new SystemTime();
    private final MemoryMetadataStore store = new MemoryMetadataStore(time);
    private final SharedServerKey shared = new SharedServerKey(store, new SecureRandom());

    @AfterEach
    void close() {
        store.close();
        time.close();
    }

    @Test
    void everyNodeThatKnowsTheSecretHasTheSameKey() {
        SecretKey key = shared.establish(List.of(SECRET));
        assertThat(key.getEncoded()).hasSize(32);
        assertThat(new SharedServerKey(store, new SecureRandom()).establish(List.of(SECRET)))
                .isEqualTo(key);
    }

    @Test
    void itIsNotInTheMetadataInTheClear() {
        SecretKey key = shared.establish(List.of(SECRET));
        Bytes stored = store.read(List.of(Keys.serverKey())).get(0).orElseThrow().value();
        assertThat(stored.toString()).doesNotContain(Bytes.wrap(key.getEncoded()).toString());
    }

    @Test
    void aNewSecretTakesOverWhileTheOldOneIsKnown() {
        SecretKey key = shared.establish(List.of(SECRET));
        assertThat(shared.establish(List.of("the next secret", SECRET))).isEqualTo(key);
        assertThat(shared.establish(List.of("the next secret"))).isEqualTo(key);
    }

    @Test
    void aWrongSecretIsRefusedAndChangesNothing() {
        SecretKey key = shared.establish(List.of(SECRET));
        assertThatThrownBy(() -> shared.establish(List.of("something else", "and another")))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("is not that of this cluster");
        assertThat(shared.establish(List.of(SECRET))).isEqualTo(key);
    }
}
