/**
 * The configuration: what can be said, where it is read from, and what it means once checked. A bad
 * value is one sentence that names the key, the value and what is allowed.
 */
@NullMarked
package io.lilio.server.bootstrap.config;

import org.jspecify.annotations.NullMarked;
