/** What an object version consists of: bytes in the record, one blob, or the parts of an upload. */
@NullMarked
package io.lilio.catalog.content;

import org.jspecify.annotations.NullMarked;
