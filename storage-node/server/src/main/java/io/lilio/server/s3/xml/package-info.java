/**
 * XML as S3 speaks it: a streaming writer that escapes correctly, and parsers that are hardened and
 * bounded.
 */
@NullMarked
package io.lilio.server.s3.xml;

import org.jspecify.annotations.NullMarked;
