/** Certificates and keys for TLS, renewed while connections come and go. */
@NullMarked
package io.lilio.tls;

import org.jspecify.annotations.NullMarked;
