package io.lilio.object;

import java.util.Optional;

/**
 * Which bytes to copy into a part.
 *
 * @param part which part
 * @param source what is read
 * @param range which of its bytes, all of which must exist; without it, all
 */
public record PartCopyRequest(
        PartRequest part, CopySource source, Optional<ReadRange.FromTo> range) {}
