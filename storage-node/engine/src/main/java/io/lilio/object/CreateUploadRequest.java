package io.lilio.object;

import io.lilio.catalog.object.Attributes;
import io.lilio.catalog.upload.Upload.ChecksumPlan;
import java.util.Optional;

/**
 * What to begin.
 *
 * @param address the object to be
 * @param attributes given back with the object
 * @param initiator who asks: an access key
 * @param checksum what every part will have, and the object at the end
 */
public record CreateUploadRequest(
        ObjectAddress address,
        Attributes attributes,
        String initiator,
        Optional<ChecksumPlan> checksum) {}
