/**
 * The admin API (port 9001): one class per resource, each of which answers what an interface of
 * {@code io.lilio.admin.api} asks.
 */
@NullMarked
package io.lilio.server.admin;

import org.jspecify.annotations.NullMarked;
