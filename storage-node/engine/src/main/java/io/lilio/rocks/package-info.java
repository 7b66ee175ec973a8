/** What every RocksDB database of the process shares, whoever it belongs to. */
@NullMarked
package io.lilio.rocks;

import org.jspecify.annotations.NullMarked;
