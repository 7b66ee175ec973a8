/** A lean load generator for the real server process, and the workloads that it runs. */
@NullMarked
package io.lilio.bench.http;

import org.jspecify.annotations.NullMarked;
