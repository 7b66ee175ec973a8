/**
 * AWS Signature Version 4: who sent a request, and whether its head and payload are what was signed
 * (in a header, in the query of a presigned URL, or chunk by chunk). Follows "Authenticating
 * Requests (AWS Signature Version 4)" in the Amazon S3 API Reference. Nothing that is not signed
 * gets through.
 */
@NullMarked
package io.lilio.server.s3.signature;

import org.jspecify.annotations.NullMarked;
