package io.lilio.admin.api;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A member that is to be admitted.
 *
 * @param member its identity
 * @param host the machine that it is on; absent: as its node says
 * @param zone the failure zone; absent: as its node says
 */
public record RingAdmission(@Nullable UUID member, @Nullable String host, @Nullable String zone) {}
