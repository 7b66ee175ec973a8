/** What every maintenance task shares: one run with its pace, its counts and its checkpoint. */
@NullMarked
package io.lilio.maintenance.run;

import org.jspecify.annotations.NullMarked;
