/**
 * The use cases on objects: put, get, head, delete, copy, list, multipart. One class each, which
 * reads like its description.
 */
@NullMarked
package io.lilio.object;

import org.jspecify.annotations.NullMarked;
