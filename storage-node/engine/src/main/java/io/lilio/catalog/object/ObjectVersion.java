package io.lilio.catalog.object;

import io.lilio.catalog.content.Content;
import java.util.Optional;

/**
 * A version of an object: its manifest.
 *
 * @param content what it consists of; empty for a delete marker
 * @param parts number of parts of a multipart object, else 0
 */
public record ObjectVersion(
        String key,
        VersionSummary summary,
        Optional<Content> content,
        Attributes attributes,
        int parts) {

    public VersionId id() {
        return summary.id();
    }

    public boolean deleteMarker() {
        return summary.deleteMarker();
    }

    /** Bytes. */
    public long size() {
        return summary.size();
    }

    public String etag() {
        return summary.etag();
    }
}
