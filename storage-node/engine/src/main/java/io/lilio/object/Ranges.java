package io.lilio.object;

import io.lilio.catalog.content.Content;
import io.lilio.catalog.content.PartRun;
import java.util.Optional;

/** Which bytes a {@link ReadRange} means, given what the object consists of. */
final class Ranges {

    private Ranges() {}

    /**
     * The bytes of a read. An empty object has no bytes that an answer could name, so its end and
     * its one part are all of it, as they are in S3.
     *
     * @return empty when the object has none of those bytes (RFC 9110 §14.1.2), or not that part
     */
    static Optional<ContentRange> resolve(Optional<ReadRange> range, Content content) {
        long size = content.size();
        if (range.isEmpty()) {
            return Optional.of(whole(size));
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
                    length == 0
                            ? Optional.empty()
                            : Optional.of(
                                    partial(
                                            size - Math.min(length, size),
                                            Math.min(length, size),
                                            size));
            case ReadRange.Part(int number) -> part(number, content);
        };
    }

    /**
     * The bytes of a copy, which unlike a read does not make do with fewer than it was asked for.
     *
     * @return empty when the object does not have all of them
     */
    static Optional<ContentRange> exact(Optional<ReadRange.FromTo> range, long size) {
        if (range.isEmpty()) {
            return Optional.of(whole(size));
        }
        long first = range.get().first();
        long last = range.get().last().orElse(size - 1);
        return first > last || last >= size
                ? Optional.empty()
                : Optional.of(partial(first, last - first + 1, size));
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

    private static ContentRange whole(long size) {
        return new ContentRange(0, size, size, false);
    }

    private static ContentRange partial(long offset, long length, long size) {
        return new ContentRange(offset, length, size, size > 0);
    }
}
