package io.lilio.catalog.loss;

import io.lilio.catalog.object.VersionId;
import java.util.UUID;

/** Something that a client has stored, and of which a chunk may have no copy any more. */
public sealed interface AtRisk {

    /** The bucket's name. */
    String bucket();

    /** The object key. */
    String key();

    /** A version of an object, in one blob or in parts. */
    record OfVersion(String bucket, String key, VersionId version) implements AtRisk {}

    /**
     * A part of an upload that is neither completed nor aborted.
     *
     * @param part its number, 1 to 10,000
     */
    record OfUpload(String bucket, String key, UUID upload, int part) implements AtRisk {}
}
