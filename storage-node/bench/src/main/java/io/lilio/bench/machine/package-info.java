/** What the machine itself can do: the scale on which all other figures have to be read. */
@NullMarked
package io.lilio.bench.machine;

import org.jspecify.annotations.NullMarked;
