/** Carries out changes of the ring: moves chunks to where the newest table places them. */
@NullMarked
package io.lilio.maintenance.move;

import org.jspecify.annotations.NullMarked;
