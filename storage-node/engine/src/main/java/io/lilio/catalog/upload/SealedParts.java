package io.lilio.catalog.upload;

import io.lilio.ObjectStoreException;
import io.lilio.ObjectStoreException.Kind;
import io.lilio.catalog.content.Content;
import io.lilio.catalog.content.Part;
import io.lilio.catalog.content.PartRun;
import io.lilio.catalog.upload.Uploads.ListedPart;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * The parts of a sealed upload that a Complete lists.
 *
 * @param parts as they are stored, in the order of the list
 * @param content what they make
 * @param leftovers whether there are parts that are not listed
 */
record SealedParts(List<Part> parts, Content.Multipart content, boolean leftovers) {

    /**
     * Picks the listed parts from all that there are.
     *
     * @throws ObjectStoreException {@code INVALID_PART_ORDER}, {@code INVALID_PART}
     */
    static SealedParts of(UUID upload, List<Part> all, List<ListedPart> listed) {
        Map<Integer, Part> byNumber = new HashMap<>();
        all.forEach(part -> byNumber.put(part.number(), part));
        List<Part> picked = new ArrayList<>(listed.size());
        int last = 0;
        for (ListedPart wanted : listed) {
            if (wanted.number() <= last) {
                throw new ObjectStoreException(
                        Kind.INVALID_PART_ORDER,
                        "The list of parts was not in ascending order of part numbers.");
            }
            last = wanted.number();
            Part part = byNumber.get(wanted.number());
            if (part == null || !part.etag().equals(wanted.etag())) {
                throw new ObjectStoreException(
                        Kind.INVALID_PART,
                        "Part " + wanted.number() + " was not uploaded, or has another ETag.");
            }
            picked.add(part);
        }
        return new SealedParts(
                List.copyOf(picked),
                new Content.Multipart(upload, runs(picked)),
                picked.size() < all.size());
    }

    private static List<PartRun> runs(List<Part> parts) {
        List<PartRun> runs = new ArrayList<>();
        for (Part part : parts) {
            PartRun last = runs.isEmpty() ? null : runs.getLast();
            if (last != null && last.endPart() == part.number() && last.partSize() == part.size()) {
                runs.set(
                        runs.size() - 1,
                        new PartRun(last.firstPart(), last.count() + 1, last.partSize()));
            } else {
                runs.add(new PartRun(part.number(), 1, part.size()));
            }
        }
        return runs;
    }
}
