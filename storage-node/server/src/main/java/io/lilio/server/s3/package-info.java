/** The S3 edge: HTTP, signatures, XML, errors, and one class per S3 operation. */
@NullMarked
package io.lilio.server.s3;

import org.jspecify.annotations.NullMarked;
