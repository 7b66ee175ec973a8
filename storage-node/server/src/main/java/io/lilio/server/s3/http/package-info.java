/**
 * The HTTP side of the S3 edge: raw requests in, streamed answers out, on a Vert.x server of our
 * own. Event loops move bytes; every request is handled by blocking code on a virtual thread of its
 * own. Nothing here knows an S3 operation.
 */
@NullMarked
package io.lilio.server.s3.http;

import org.jspecify.annotations.NullMarked;
