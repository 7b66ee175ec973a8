package io.lilio.catalog.upload;

import io.lilio.catalog.content.Part;
import java.util.List;

/**
 * A page of parts.
 *
 * @param parts by ascending number
 * @param truncated whether there are more
 */
public record PartPage(Upload upload, List<Part> parts, boolean truncated) {}
