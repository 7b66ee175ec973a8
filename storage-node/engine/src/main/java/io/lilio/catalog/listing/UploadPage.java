package io.lilio.catalog.listing;

import io.lilio.catalog.upload.Upload;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * A page of open uploads.
 *
 * @param uploads by key, of one key by their beginning
 * @param nextKey where to go on when truncated: the last key or common prefix of the page
 * @param nextUpload the last upload of the page; empty when it ended with a common prefix
 */
public record UploadPage(
        List<Upload> uploads,
        List<String> commonPrefixes,
        boolean truncated,
        String nextKey,
        Optional<UUID> nextUpload) {}
