/** What every engine package shares: the one exception hierarchy. */
@NullMarked
package io.lilio;

import org.jspecify.annotations.NullMarked;
