package io.lilio.catalog;

import static io.lilio.catalog.BucketsTest.assertKind;
import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.ObjectStoreException.Kind;
import io.lilio.catalog.LossyMetadataStore.Loss;
import io.lilio.catalog.access.AccessKey;
import io.lilio.catalog.access.AccessKeys;
import io.lilio.catalog.access.Role;
import io.lilio.metadata.Bytes;
import io.lilio.metadata.KeyValue;
import io.lilio.metadata.Txn;
import java.nio.charset.StandardCharsets;
import java.util.List;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AccessKeysTest {

    private final CatalogFixture fixture = CatalogFixture.create();
    private final AccessKeys keys = with((byte) 1);

    @AfterEach
    void close() {
        fixture.close();
    }

    private AccessKeys with(byte filler) {
        byte[] key = new byte[32];
        key[0] = filler;
        return new AccessKeys(
                fixture.catalog.commits(),
                fixture.sessions,
                new SecretKeySpec(key, "AES"),
                fixture.random);
    }

    @Test
    void aKeyIsFoundAsItWasMade() {
        AccessKey key = keys.create(Role.READ_WRITE, List.of("photos"), "for the camera");
        assertThat(keys.find(key.id())).contains(key);
        assertThat(key.secret()).hasSize(40);
        assertThat(key.id()).hasSize(20);
        assertThat(key.enabled()).isTrue();
        assertThat(key.covers("photos")).isTrue();
        assertThat(key.covers("other")).isFalse();
        assertThat(keys.find("nobody")).isEmpty();
    }

    @Test
    void aKeyCanBeDisabledEnabledAndRemoved() {
        AccessKey key = keys.create(Role.ADMIN, List.of(), "");
        assertThat(keys.setEnabled(key.id(), false)).isTrue();
        assertThat(keys.find(key.id()).orElseThrow().enabled()).isFalse();
        assertThat(keys.setEnabled(key.id(), true)).isTrue();
        assertThat(keys.find(key.id())).contains(key);
        assertThat(keys.delete(key.id())).isTrue();
        assertThat(keys.delete(key.id())).isFalse();
        assertThat(keys.setEnabled(key.id(), true)).isFalse();
    }

    @Test
    void aKeyThatAnotherDisabledMeanwhileIsNotEnabledAgainWhenAnAnswerIsLost() {
        AccessKey key = keys.create(Role.ADMIN, List.of(), "");
        keys.setEnabled(key.id(), false);
        for (Loss loss : List.of(Loss.ANSWER, Loss.REQUEST)) {
            fixture.store.loseNext(
                    Keys.accessKey(key.id()), loss, () -> keys.setEnabled(key.id(), false));
            assertKind(() -> keys.setEnabled(key.id(), true), Kind.UNKNOWN_OUTCOME);
            assertThat(keys.find(key.id()).orElseThrow().enabled()).isFalse();
        }
    }

    @Test
    void aKeyIsChangedOnceWhateverGetsLost() {
        AccessKey key = keys.create(Role.ADMIN, List.of(), "");
        for (Loss loss : List.of(Loss.ANSWER, Loss.REQUEST, Loss.LATE)) {
            keys.setEnabled(key.id(), false);
            fixture.store.loseNext(Keys.accessKey(key.id()), loss);
            assertThat(keys.setEnabled(key.id(), true)).isTrue();
            fixture.store.deliverLate();
            assertThat(keys.find(key.id())).as("%s", loss).contains(key);
        }
        fixture.store.loseNext(Keys.accessKey(key.id()), Loss.ANSWER);
        assertThat(keys.delete(key.id())).isTrue();
        assertThat(keys.find(key.id())).isEmpty();
    }

    @Test
    void keysAreListedInPages() {
        for (int i = 0; i < 5; i++) {
            keys.create(Role.READ_ONLY, List.of(), "");
        }
        List<AccessKey> first = keys.list(null, 3);
        assertThat(first).hasSize(3);
        assertThat(keys.list(first.getLast().id(), 3)).hasSize(2);
    }

    @Test
    void theSecretIsNeitherStoredNorPrintedInTheClear() {
        AccessKey key = keys.create(Role.READ_ONLY, List.of(), "");
        KeyValue stored =
                fixture.store.read(List.of(Keys.accessKey(key.id()))).get(0).orElseThrow();
        String raw = new String(stored.value().array(), StandardCharsets.ISO_8859_1);
        assertThat(raw).doesNotContain(key.secret());
        assertThat(key.toString()).doesNotContain(key.secret());
    }

    @Test
    void anotherServerKeyOrAnotherIdDoesNotOpenIt() {
        AccessKey key = keys.create(Role.READ_ONLY, List.of(), "");
        assertKind(() -> with((byte) 2).find(key.id()), Kind.INTERNAL);
        Bytes value =
                fixture.store.read(List.of(Keys.accessKey(key.id()))).get(0).orElseThrow().value();
        fixture.store.commit(Txn.grow().put(Keys.accessKey("FORGED"), value).build());
        assertKind(() -> keys.find("FORGED"), Kind.INTERNAL);
    }
}
