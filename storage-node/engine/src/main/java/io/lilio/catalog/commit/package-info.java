/**
 * How the catalog changes anything: transactions with three outcomes, and the fence that resolves
 * unknown ones.
 */
@NullMarked
package io.lilio.catalog.commit;

import org.jspecify.annotations.NullMarked;
