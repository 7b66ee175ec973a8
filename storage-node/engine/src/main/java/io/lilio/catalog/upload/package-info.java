/**
 * Multipart uploads: parts committed while the upload is open, then sealed, completed or aborted.
 */
@NullMarked
package io.lilio.catalog.upload;

import org.jspecify.annotations.NullMarked;
