package io.lilio.catalog;

import io.lilio.metadata.KeyRange;
import io.lilio.metadata.KeyValue;
import io.lilio.metadata.ReadView;
import io.lilio.metadata.ScanPage;
import java.util.function.Consumer;

/** Whole ranges, page by page. */
public final class Scan {

    private Scan() {}

    /**
     * Every key of a range, in order.
     *
     * @param pageKeys keys per call of the store
     */
    public static void all(ReadView view, KeyRange range, int pageKeys, Consumer<KeyValue> each) {
        KeyRange rest = range;
        while (true) {
            ScanPage page = view.scan(rest, pageKeys);
            page.entries().forEach(each);
            if (page.complete()) {
                return;
            }
            rest = after(page, range);
        }
    }

    /** What is left of a range after a page that is not complete. */
    public static KeyRange after(ScanPage page, KeyRange range) {
        return new KeyRange(page.entries().getLast().key().next(), range.to());
    }
}
