/** Where processor time goes in what is measured. */
@NullMarked
package io.lilio.bench.profile;

import org.jspecify.annotations.NullMarked;
