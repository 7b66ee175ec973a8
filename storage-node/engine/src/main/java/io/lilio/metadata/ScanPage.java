package io.lilio.metadata;

import java.util.List;

/**
 * A page of a scan.
 *
 * @param entries in key order
 * @param complete whether the range holds nothing after the last entry
 */
public record ScanPage(List<KeyValue> entries, boolean complete) {}
