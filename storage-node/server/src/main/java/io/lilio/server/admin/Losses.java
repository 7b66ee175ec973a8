package io.lilio.server.admin;

import io.lilio.admin.api.LossPage;
import io.lilio.admin.api.ObjectAtRisk;
import io.lilio.catalog.loss.AtRisk;
import io.lilio.catalog.loss.LossCursor;
import io.lilio.catalog.loss.LossWalk;
import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.placement.Endangered;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What may be lost together with members: all of it in pages, and some of it in a sentence. */
final class Losses {

    private static final int RECORDS_OF_PAGE = 10_000;

    /** What a command is refused with does not wait for more. */
    private static final LossWalk.Bounds OF_SENTENCE = new LossWalk.Bounds(50, 2_000);

    private static final int NAMED = 5;
    private static final int SHOWN_OF_KEY = 80;

    /** Ids are left out of it, so that it stays short. */
    private static final String LISTING =
            "GET /v1/ring/losses with member=ID for each that is to be lost";

    private final LossWalk walk;

    Losses(LossWalk walk) {
        this.walk = walk;
    }

    /**
     * A page for a client.
     *
     * @throws MetadataUnavailableException when the metadata do not answer
     */
    LossPage page(Endangered endangered, @Nullable LossCursor after, int limit) {
        LossWalk.Page page =
                walk.next(endangered, after, new LossWalk.Bounds(limit, RECORDS_OF_PAGE));
        return new LossPage(
                endangered.partitions(),
                page.found().stream().map(Losses::document).toList(),
                page.next().map(LossCursor::text).orElse(null));
    }

    private static ObjectAtRisk document(AtRisk found) {
        return switch (found) {
            case AtRisk.OfVersion object ->
                    new ObjectAtRisk(
                            object.bucket(), object.key(), object.version().toString(), null, null);
            case AtRisk.OfUpload part ->
                    new ObjectAtRisk(
                            part.bucket(), part.key(), null, part.upload().toString(), part.part());
        };
    }

    /**
     * How a refusal for the sake of objects goes on: which, up to five of them, as far as a short
     * look tells, and how all are listed. The same for as long as ring and objects are the same.
     *
     * @throws MetadataUnavailableException when the metadata do not answer
     */
    String naming(Endangered endangered) {
        return naming(endangered, OF_SENTENCE);
    }

    /** The same after another look. */
    String naming(Endangered endangered, LossWalk.Bounds look) {
        LossWalk.Page page = walk.next(endangered, null, look);
        List<String> keys = page.found().stream().map(Losses::name).distinct().toList();
        String named = keys.stream().limit(NAMED).collect(Collectors.joining(", "));
        boolean isAll = page.next().isEmpty();
        if (keys.isEmpty()) {
            return isAll
                    ? "all objects were looked at, and none lies there"
                    : "of the objects looked at none lies there, and "
                            + LISTING
                            + " looks at the others";
        }
        return isAll && keys.size() <= NAMED
                ? "of all objects, there lie only " + named
                : "objects that lie there are " + named + ", and " + LISTING + " lists all";
    }

    private static String name(AtRisk found) {
        return found.bucket() + "/" + Fields.named(found.key(), SHOWN_OF_KEY);
    }
}
