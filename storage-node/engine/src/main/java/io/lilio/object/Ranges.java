package io.lilio.object;

import io.lilio.catalog.content.Content;
import io.lilio.catalog.content.PartRun;
import java.util.Optional;

/** Which bytes a {@link ReadRange} means, given what the object consists of. */
final class Ranges {

    private Ranges() {}

    /**
     * @return empty when the object has none of those bytes (RFC 9110 §14.1.2), or not that part
     */
    static Optional<ContentRange> resolve(Optional<ReadRange> range, Content content) {
        long size = content.size();
        if (range.isEmpty()) {
            return Optional.of(new ContentRange(0, size, size, false));
        }
        return switch (range.get()) {
            case ReadRange.FromTo(long first, var last) ->
                    first >= size
                            ? Optional.empty()
                            : Optional.of(
                                    partial(
                                            first,
                                            Math.min(last.orElse(size - 1), size - 1) - first + 1,
                                            size));
            case ReadRange.Suffix(long length) ->
                    length == 0 || size == 0
                            ? Optional.empty()
                            : Optional.of(
                                    partial(
                                            size - Math.min(length, size),
                                            Math.min(length, size),
                                            size));
            case ReadRange.Part(int number) -> part(number, content);
        };
    }

    private static Optional<ContentRange> part(int number, Content content) {
        return switch (content) {
            case Content.Multipart multipart -> part(number, multipart);
            case Content.Inline _, Content.Blob _ ->
                    number == 1
                            ? Optional.of(partial(0, content.size(), content.size()))
                            : Optional.empty();
        };
    }

    /** The part at that place: numbers that the upload left out do not count. */
    private static Optional<ContentRange> part(int number, Content.Multipart content) {
        long offset = 0;
        int before = number - 1;
        for (PartRun run : content.runs()) {
            if (before >= 0 && before < run.count()) {
                return Optional.of(
                        partial(offset + before * run.partSize(), run.partSize(), content.size()));
            }
            before -= run.count();
            offset += run.count() * run.partSize();
        }
        return Optional.empty();
    }

    private static ContentRange partial(long offset, long length, long size) {
        return new ContentRange(offset, length, size, true);
    }
}
