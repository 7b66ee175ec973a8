/** Changes to the file system that survive a power loss. */
@NullMarked
package io.lilio.files;

import org.jspecify.annotations.NullMarked;
