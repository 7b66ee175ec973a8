/** What brings replicas level: repair by comparing members, scrub by reading everything. */
@NullMarked
package io.lilio.maintenance.repair;

import org.jspecify.annotations.NullMarked;
