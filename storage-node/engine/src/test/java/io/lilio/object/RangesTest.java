package io.lilio.object;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.catalog.content.Content;
import io.lilio.catalog.content.PartRun;
import io.lilio.metadata.Bytes;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RangesTest {

    private static final Content TEN = new Content.Inline(Bytes.wrap(new byte[10]));
    private static final Content EMPTY = new Content.Inline(Bytes.empty());
    private static final Content PARTS =
            new Content.Multipart(
                    new UUID(1, 2), List.of(new PartRun(2, 3, 100), new PartRun(7, 1, 5)));

    @Test
    void withoutRangeEverythingIsMeant() {
        assertThat(Ranges.resolve(Optional.empty(), TEN))
                .contains(new ContentRange(0, 10, 10, false));
        assertThat(Ranges.resolve(Optional.empty(), EMPTY))
                .contains(new ContentRange(0, 0, 0, false));
    }

    @Test
    void aRangeEndsWithTheObject() {
        assertThat(fromTo(3, 5, TEN)).contains(new ContentRange(3, 3, 10, true));
        assertThat(fromTo(3, 500, TEN)).contains(new ContentRange(3, 7, 10, true));
        assertThat(fromTo(9, 9, TEN)).contains(new ContentRange(9, 1, 10, true));
        assertThat(Ranges.resolve(Optional.of(new ReadRange.FromTo(4, OptionalLong.empty())), TEN))
                .contains(new ContentRange(4, 6, 10, true));
    }

    @Test
    void aRangeBehindTheEndIsUnsatisfiable() {
        assertThat(fromTo(10, 12, TEN)).isEmpty();
        assertThat(fromTo(0, 0, EMPTY)).isEmpty();
    }

    @Test
    void aSuffixCountsFromTheEnd() {
        assertThat(suffix(3, TEN)).contains(new ContentRange(7, 3, 10, true));
        assertThat(suffix(30, TEN)).contains(new ContentRange(0, 10, 10, true));
        assertThat(suffix(0, TEN)).isEmpty();
    }

    @Test
    void theEndOfAnEmptyObjectIsAllOfIt() {
        assertThat(suffix(3, EMPTY)).contains(new ContentRange(0, 0, 0, false));
        assertThat(suffix(0, EMPTY)).isEmpty();
        assertThat(part(1, EMPTY)).contains(new ContentRange(0, 0, 0, false));
        assertThat(part(2, EMPTY)).isEmpty();
        Content oneEmptyPart = new Content.Multipart(new UUID(1, 2), List.of(new PartRun(1, 1, 0)));
        assertThat(part(1, oneEmptyPart)).contains(new ContentRange(0, 0, 0, false));
    }

    @Test
    void aCopyGetsAllItsBytesOrNone() {
        assertThat(exact(0, 9)).contains(new ContentRange(0, 10, 10, true));
        assertThat(exact(9, 9)).contains(new ContentRange(9, 1, 10, true));
        assertThat(exact(9, 10)).isEmpty();
        assertThat(exact(10, 10)).isEmpty();
        assertThat(Ranges.exact(Optional.empty(), 10)).contains(new ContentRange(0, 10, 10, false));
    }

    @Test
    void partsAreCountedWhateverNumbersTheyHad() {
        assertThat(part(1, PARTS)).contains(new ContentRange(0, 100, 305, true));
        assertThat(part(3, PARTS)).contains(new ContentRange(200, 100, 305, true));
        assertThat(part(4, PARTS)).contains(new ContentRange(300, 5, 305, true));
        assertThat(part(5, PARTS)).isEmpty();
    }

    @Test
    void anObjectOfOnePutHasOnePart() {
        assertThat(part(1, TEN)).contains(new ContentRange(0, 10, 10, true));
        assertThat(part(2, TEN)).isEmpty();
    }

    @Test
    void contentRangeReadsAsInRfc9110() {
        assertThat(new ContentRange(3, 4, 10, true).contentRange()).contains("bytes 3-6/10");
        assertThat(new ContentRange(0, 10, 10, false).contentRange()).isEmpty();
        assertThat(new ContentRange(10, 0, 10, true).contentRange())
                .as("the empty last part of an object")
                .isEmpty();
    }

    private static Optional<ContentRange> exact(long first, long last) {
        return Ranges.exact(Optional.of(new ReadRange.FromTo(first, OptionalLong.of(last))), 10);
    }

    private static Optional<ContentRange> fromTo(long first, long last, Content content) {
        return Ranges.resolve(
                Optional.of(new ReadRange.FromTo(first, OptionalLong.of(last))), content);
    }

    private static Optional<ContentRange> suffix(long length, Content content) {
        return Ranges.resolve(Optional.of(new ReadRange.Suffix(length)), content);
    }

    private static Optional<ContentRange> part(int number, Content content) {
        return Ranges.resolve(Optional.of(new ReadRange.Part(number)), content);
    }
}
