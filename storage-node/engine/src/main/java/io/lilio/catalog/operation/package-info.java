/** Records of maintenance runs and the lease that lets only one of each kind run. */
@NullMarked
package io.lilio.catalog.operation;

import org.jspecify.annotations.NullMarked;
