package io.lilio.catalog.object;

import io.lilio.catalog.usage.Usage;

/** A result, and what it changes of the bucket's usage. */
public record Counted<T>(T value, Usage change) {}
