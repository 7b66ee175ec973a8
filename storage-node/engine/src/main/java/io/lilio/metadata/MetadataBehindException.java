package io.lilio.metadata;

/**
 * The metadata went back while this process worked with them: they are older than what it was
 * answered before. What it knows may be of a future that has not happened, so it can prove nothing.
 */
public final class MetadataBehindException extends MetadataUnavailableException {

    /**
     * @param known what was answered before
     * @param found what is there
     */
    public MetadataBehindException(Progress known, Progress found) {
        super(
                ("the metadata went back: they are at revision %d,"
                                + " and this node worked with revision %d")
                        .formatted(found.revision(), known.revision()),
                null);
    }
}
