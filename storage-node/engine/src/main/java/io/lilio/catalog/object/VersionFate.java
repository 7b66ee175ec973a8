package io.lilio.catalog.object;

import io.lilio.catalog.Keys;
import io.lilio.catalog.commit.Fate;
import io.lilio.metadata.KeyValue;
import io.lilio.metadata.MetadataStore;
import io.lilio.metadata.ReadResult;
import java.util.List;
import java.util.Optional;

/** Whether a version was committed, when the answer was lost and the fence has been bumped. */
final class VersionFate {

    private VersionFate() {}

    /**
     * Ours is there: applied. The head is still the one that the commit compared: not applied.
     * Anything else, an absent head above all, proves nothing.
     */
    static Fate of(MetadataStore store, HeadLook look, VersionSummary ours) {
        ReadResult now =
                store.read(
                        List.of(
                                look.headKey(),
                                Keys.version(look.bucket().id(), look.key(), ours.seq())));
        Optional<Head> head = now.get(0).map(ObjectRecords::decodeHead);
        Optional<VersionSummary> version =
                now.get(1).map((KeyValue stored) -> ObjectRecords.decodeVersion(stored).summary());
        if (is(head.map(Head::summary), ours) || is(version, ours)) {
            return Fate.APPLIED;
        }
        boolean sameHead =
                head.isPresent()
                        && look.head().isPresent()
                        && head.get().modRevision() == look.head().get().modRevision();
        return sameHead ? Fate.NOT_APPLIED : Fate.UNPROVEN;
    }

    private static boolean is(Optional<VersionSummary> found, VersionSummary ours) {
        return found.isPresent()
                && found.get().seq() == ours.seq()
                && found.get().tag() == ours.tag();
    }
}
