/**
 * Who may come in on the admin port: every request is read as a whole, within bounds, and its
 * signature checked, before anything else sees it.
 */
@NullMarked
package io.lilio.server.admin.gate;

import org.jspecify.annotations.NullMarked;
