/**
 * What S3 clients are told when a request fails: one table of codes, one exception, and one place
 * that translates the engine's failures.
 */
@NullMarked
package io.lilio.server.s3.error;

import org.jspecify.annotations.NullMarked;
