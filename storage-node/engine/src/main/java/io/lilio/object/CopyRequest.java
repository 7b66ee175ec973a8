package io.lilio.object;

import io.lilio.catalog.object.Conditions;
import io.lilio.digest.DigestAlgorithm;
import java.util.Optional;

/**
 * What to copy where.
 *
 * @param source which version is copied, and on what conditions
 * @param target where to
 * @param attributes of the copy
 * @param checksum to compute and store; without it, the source's stays
 * @param conditions on the version that the copy would replace
 */
public record CopyRequest(
        CopySource source,
        ObjectAddress target,
        CopyAttributes attributes,
        Optional<DigestAlgorithm> checksum,
        Conditions conditions) {}
