package io.lilio.object;

import java.util.OptionalLong;

/** Which bytes of an object a read asks for. */
public sealed interface ReadRange {

    /**
     * {@code bytes=first-last} or {@code bytes=first-} of RFC 9110 §14.1.2.
     *
     * @param first the first byte, from 0
     * @param last the last byte, inclusive; an object that ends before it is read to its end
     */
    record FromTo(long first, OptionalLong last) implements ReadRange {
        public FromTo {
            if (first < 0 || (last.isPresent() && last.getAsLong() < first)) {
                throw new IllegalArgumentException("a range from " + first + " to " + last);
            }
        }
    }

    /** {@code bytes=-length}: the last bytes; all of a shorter object. */
    record Suffix(long length) implements ReadRange {
        public Suffix {
            if (length < 0) {
                throw new IllegalArgumentException("a suffix of " + length + " bytes");
            }
        }
    }

    /**
     * One part of an object uploaded in parts ({@code ?partNumber=}); part 1 of any other object is
     * all of it.
     *
     * @param number 1 to 10,000
     */
    record Part(int number) implements ReadRange {}
}
