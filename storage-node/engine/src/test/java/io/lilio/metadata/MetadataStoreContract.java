package io.lilio.metadata;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.time.ManualTime;
import io.lilio.time.Time;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/**
 * What every metadata store promises, in parts: the classes of this package that extend this one.
 * Each store's test runs all of them.
 */
public abstract class MetadataStoreContract {

    /** Stands still unless a test moves it. */
    protected final ManualTime time = new ManualTime();

    protected MetadataStore store;

    /** Time passes, for the test and for the store. */
    protected void pass(Duration duration) throws InterruptedException {
        time.advance(duration);
    }

    /** How long leases of the tests live. */
    protected Duration ttl() {
        return Duration.ofSeconds(10);
    }

    /** An empty store. */
    protected abstract MetadataStore open(Time time) throws Exception;

    @BeforeEach
    void openStore() throws Exception {
        store = open(time);
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    protected static Bytes bytes(String text) {
        return Bytes.ofUtf8(text);
    }

    protected static KeyRange range(String from, String to) {
        return new KeyRange(bytes(from), bytes(to));
    }

    protected long put(String key, String value) {
        return committed(Txn.grow().put(bytes(key), bytes(value)).build());
    }

    protected long delete(String key) {
        return committed(Txn.upkeep().delete(bytes(key)).build());
    }

    protected long committed(Txn txn) {
        CommitResult result = store.commit(txn);
        assertThat(result).isInstanceOf(CommitResult.Committed.class);
        return ((CommitResult.Committed) result).revision();
    }

    protected ReadResult refused(Txn txn) {
        CommitResult result = store.commit(txn);
        assertThat(result).isInstanceOf(CommitResult.Refused.class);
        return ((CommitResult.Refused) result).reads();
    }

    protected Optional<KeyValue> get(String key) {
        return store.read(List.of(bytes(key))).get(0);
    }

    protected String value(String key) {
        return get(key).map(MetadataStoreContract::text).orElse("nothing");
    }

    protected static String text(KeyValue found) {
        return new String(found.value().array(), java.nio.charset.StandardCharsets.UTF_8);
    }

    protected static List<String> keys(ScanPage page) {
        return page.entries().stream()
                .map(
                        entry ->
                                new String(
                                        entry.key().array(),
                                        java.nio.charset.StandardCharsets.UTF_8))
                .toList();
    }
}
