package io.lilio.metadata.etcd;

import io.lilio.metadata.CommitResult;
import io.lilio.metadata.Txn;
import java.util.concurrent.CompletableFuture;

/**
 * A transaction whose caller waits.
 *
 * @param expiresNanos when it need not be sent any more
 * @param result completes with how it ended, or exceptionally when it certainly was not applied
 */
record Pending(Txn txn, long expiresNanos, CompletableFuture<CommitResult> result) {}
