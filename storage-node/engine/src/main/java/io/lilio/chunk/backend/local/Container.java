package io.lilio.chunk.backend.local;

/**
 * What chunks lie in.
 *
 * @param kind {@code SEGMENT} for a segment, {@code FILE} for a bin of files
 * @param number its number among those of its kind
 */
record Container(Location.Kind kind, long number) {

    static Container segment(long number) {
        return new Container(Location.Kind.SEGMENT, number);
    }

    static Container bin(long number) {
        return new Container(Location.Kind.FILE, number);
    }

    static Container of(Location location) {
        return new Container(location.kind(), location.container());
    }
}
