package io.lilio.catalog.owner;

import io.lilio.catalog.content.BlobRef;

/** Who owns a blob. */
public sealed interface Owner {

    /** A head, a version or a part names it. */
    record Live(BlobRef blob) implements Owner {}

    /** A trash record names it: to be kept, healed and moved until it is swept. */
    record Trashed(BlobRef blob) implements Owner {}

    /** Nobody: an orphan, once its writer can commit it no more. */
    record None() implements Owner {}
}
