/**
 * The admin API of a storage node as Java: JAX-RS interfaces that say what can be asked, records
 * that say what is answered. Fields are added, never given another meaning.
 */
@NullMarked
package io.lilio.admin.api;

import org.jspecify.annotations.NullMarked;
