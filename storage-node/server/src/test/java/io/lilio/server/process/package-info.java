/**
 * Tests against the packaged server as a process of its own: faults, kill -9, load whose history is
 * checked.
 */
@NullMarked
package io.lilio.server.process;

import org.jspecify.annotations.NullMarked;
