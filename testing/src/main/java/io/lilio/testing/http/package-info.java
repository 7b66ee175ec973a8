/** A proxy before an HTTP server, in which tests decide what becomes of each request. */
@NullMarked
package io.lilio.testing.http;

import org.jspecify.annotations.NullMarked;
