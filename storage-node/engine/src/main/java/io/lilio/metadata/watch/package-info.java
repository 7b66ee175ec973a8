/** How listeners are told of changes, by whatever store. */
@NullMarked
package io.lilio.metadata.watch;

import org.jspecify.annotations.NullMarked;
