/**
 * The S3 operations, one class each, and the table that finds the right one for a request and
 * checks that its caller may do that.
 */
@NullMarked
package io.lilio.server.s3.operation;

import org.jspecify.annotations.NullMarked;
