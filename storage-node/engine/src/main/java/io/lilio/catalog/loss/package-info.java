/** What clients have stored and may lose together with members of the ring. */
@NullMarked
package io.lilio.catalog.loss;

import org.jspecify.annotations.NullMarked;
