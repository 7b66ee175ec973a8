/** How fields are written down, where that is the same for many of them. */
@NullMarked
package io.lilio.crd.schema;

import org.jspecify.annotations.NullMarked;
