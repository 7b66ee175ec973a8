package io.lilio.catalog.upload;

import io.lilio.catalog.content.BlobRef;
import io.lilio.digest.Checksum;
import java.util.Optional;

/** A part about to be committed; its bytes are durable already. */
public record PartDraft(int number, BlobRef blob, String etag, Optional<Checksum> checksum) {}
