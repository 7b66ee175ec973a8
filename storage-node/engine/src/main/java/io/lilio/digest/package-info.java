/** Digests and checksums of objects, computed beside the stream. */
@NullMarked
package io.lilio.digest;

import org.jspecify.annotations.NullMarked;
