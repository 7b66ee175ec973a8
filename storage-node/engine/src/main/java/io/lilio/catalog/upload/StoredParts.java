package io.lilio.catalog.upload;

import io.lilio.catalog.Keys;
import io.lilio.catalog.Scan;
import io.lilio.catalog.content.ContentRecords;
import io.lilio.catalog.content.Part;
import io.lilio.metadata.KeyRange;
import io.lilio.metadata.ReadView;
import io.lilio.metadata.ScanPage;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** Reads the part records of an upload. */
final class StoredParts {

    private static final int PAGE = 1_000;

    private StoredParts() {}

    /** All: at most 10,000. */
    static List<Part> all(ReadView view, UUID upload) {
        List<Part> parts = new ArrayList<>();
        Scan.all(
                view,
                Keys.parts(upload, 0),
                PAGE,
                stored -> parts.add(ContentRecords.decodePart(stored)));
        return parts;
    }

    /** The first after a number. */
    static List<Part> first(ReadView view, UUID upload, int after, int limit) {
        KeyRange range = Keys.parts(upload, after);
        KeyRange rest = range;
        List<Part> parts = new ArrayList<>();
        while (true) {
            ScanPage page = view.scan(rest, limit - parts.size());
            page.entries().forEach(stored -> parts.add(ContentRecords.decodePart(stored)));
            if (page.complete() || parts.size() == limit) {
                return parts;
            }
            rest = Scan.after(page, range);
        }
    }
}
