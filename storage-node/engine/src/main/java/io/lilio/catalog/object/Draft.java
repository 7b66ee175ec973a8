package io.lilio.catalog.object;

import io.lilio.catalog.content.Content;
import io.lilio.digest.Checksum;
import java.util.Optional;

/**
 * An object about to be committed; its bytes are durable already.
 *
 * @param etag without quotes
 */
public record Draft(
        Content content, String etag, Attributes attributes, Optional<Checksum> checksum) {}
