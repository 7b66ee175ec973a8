/** What metadata stores that live in this process share: leases and watches. */
@NullMarked
package io.lilio.metadata.embedded;

import org.jspecify.annotations.NullMarked;
