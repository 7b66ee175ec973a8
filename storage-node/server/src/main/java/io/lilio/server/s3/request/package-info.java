/**
 * What the headers of an S3 request mean: conditions, ranges, checksums, metadata, copy sources.
 * Every class parses one thing and refuses what S3 refuses, with S3's error.
 */
@NullMarked
package io.lilio.server.s3.request;

import org.jspecify.annotations.NullMarked;
