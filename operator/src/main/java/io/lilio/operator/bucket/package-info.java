/**
 * One pass over a LilioBucket (DESIGN §13): the bucket and who owns it, an access key that opens it
 * and nothing else, the Secret that pods read both from, and what becomes of them when the resource
 * is deleted. A pass reads everything live and remembers nothing, so one that was broken off
 * anywhere is simply made again.
 *
 * <p>What a pass has begun with credentials stands in status before it is done: {@code
 * CredentialsReady} is not true, and {@code status.secret} names the Secret. While that is so, all
 * access keys that carry the resource's uid, but the one in the Secret, are strays and are revoked.
 */
@NullMarked
package io.lilio.operator.bucket;

import org.jspecify.annotations.NullMarked;
