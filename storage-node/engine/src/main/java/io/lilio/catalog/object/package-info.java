/** Objects: heads, versions, delete markers, conditions, and the transactions that change them. */
@NullMarked
package io.lilio.catalog.object;

import org.jspecify.annotations.NullMarked;
