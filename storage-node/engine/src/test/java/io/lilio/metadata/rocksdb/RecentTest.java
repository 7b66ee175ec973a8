package io.lilio.metadata.rocksdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.metadata.Bytes;
import io.lilio.metadata.KeyValue;
import io.lilio.metadata.ReadResult;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RecentTest {

    private static final Bytes A = Bytes.ofUtf8("a");
    private static final Bytes B = Bytes.ofUtf8("b");

    private final Recent recent = new Recent();

    @BeforeEach
    void openedAtTen() {
        recent.reset(10);
    }

    @Test
    void keysAreAnsweredTogetherOrNotAtAll() {
        recent.learn(A, Optional.empty());

        assertThat(recent.read(List.of(A)))
                .isEqualTo(new ReadResult(10, List.of(Optional.empty())));
        assertThat(recent.read(List.of(A, B))).isNull();
    }

    @Test
    void whatIsBeingWrittenIsNotKnownUntilItIsWritten() {
        recent.learn(A, Optional.empty());
        recent.learn(B, Optional.empty());

        recent.change(List.of(A));
        assertThat(recent.read(List.of(A))).isNull();
        assertThat(recent.read(List.of(B))).extracting(ReadResult::revision).isEqualTo(10L);

        Optional<KeyValue> written = Optional.of(value(A, 11, 3));
        recent.changed(11, Map.of(A, written));
        assertThat(recent.read(List.of(A, B)))
                .isEqualTo(new ReadResult(11, List.of(written, Optional.empty())));
    }

    @Test
    void aReaderTeachesNothingWhileTheCommitterWritesNorWhatIsOlder() {
        ReadResult found = new ReadResult(10, List.of(Optional.empty()));

        recent.change(List.of());
        recent.learn(List.of(A), found);
        assertThat(recent.find(A)).isNull();

        recent.changed(11, Map.of());
        recent.learn(List.of(A), found);
        assertThat(recent.find(A)).isNull();

        recent.learn(List.of(A), new ReadResult(11, found.values()));
        assertThat(recent.find(A)).isNotNull();
    }

    @Test
    void itIsBoundedInKeysAndBytesAndTheLeastRecentlyUsedGo() {
        for (int i = 0; i < Recent.MAX_KEYS; i++) {
            recent.learn(Bytes.ofUtf8("key" + i), Optional.empty());
        }
        assertThat(recent.find(Bytes.ofUtf8("key0"))).isNotNull();
        recent.learn(A, Optional.empty());
        assertThat(recent.find(Bytes.ofUtf8("key0"))).isNotNull();
        assertThat(recent.find(Bytes.ofUtf8("key1"))).isNull();

        int size = Recent.MAX_VALUE_BYTES - 16;
        for (int i = 0; i <= Recent.MAX_BYTES / size; i++) {
            Bytes key = Bytes.ofUtf8("large" + i);
            recent.learn(key, Optional.of(value(key, 1, size)));
        }
        assertThat(recent.find(A)).isNull();
    }

    @Test
    void aValueThatIsTooLargeIsNotKeptAndReplacesWhatWasKnown() {
        recent.learn(A, Optional.empty());
        recent.learn(A, Optional.of(value(A, 1, Recent.MAX_VALUE_BYTES)));

        assertThat(recent.find(A)).isNull();
    }

    private static KeyValue value(Bytes key, long revision, int size) {
        return new KeyValue(key, Bytes.wrap(new byte[size]), revision, revision);
    }
}
