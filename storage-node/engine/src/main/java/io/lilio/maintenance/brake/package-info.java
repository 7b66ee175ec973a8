/** The deletion brake: nothing is deleted on the word of metadata that look wrong (DESIGN §6). */
@NullMarked
package io.lilio.maintenance.brake;

import org.jspecify.annotations.NullMarked;
