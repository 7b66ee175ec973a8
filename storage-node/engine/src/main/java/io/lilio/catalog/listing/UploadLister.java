package io.lilio.catalog.listing;

import io.lilio.catalog.Keys;
import io.lilio.catalog.upload.Upload;
import io.lilio.catalog.upload.UploadRecords;
import io.lilio.metadata.Bytes;
import io.lilio.metadata.KeyRange;
import io.lilio.metadata.KeyValue;
import io.lilio.metadata.ReadView;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** One page of open uploads. */
final class UploadLister {

    private final UUID bucket;
    private final UploadQuery query;
    private final RollUp rollUp;
    private final KeyCursor cursor;
    private final List<Upload> uploads = new ArrayList<>();
    private final List<String> commonPrefixes = new ArrayList<>();
    private String lastKey = "";
    private Optional<UUID> lastUpload = Optional.empty();

    UploadLister(ReadView view, UUID bucket, UploadQuery query) {
        this.bucket = bucket;
        this.query = query;
        this.rollUp = new RollUp(query.prefix(), query.delimiter());
        KeyRange range = Keys.uploadsOfPrefix(bucket, query.prefix());
        int whole = query.maxUploads() + 1;
        int first = rollUp.rollsUp() ? Math.min(whole, ObjectLister.FIRST_PAGE_ROLLED_UP) : whole;
        this.cursor = new KeyCursor(view, range, start(range), first, whole);
    }

    private Bytes start(KeyRange range) {
        String marker = query.keyMarker();
        if (marker.isEmpty()) {
            return range.from();
        }
        if (rollUp.isCommonPrefix(marker)) {
            return Keys.uploadsOfPrefix(bucket, marker).to();
        }
        return query.uploadMarker()
                .map(upload -> Keys.upload(bucket, marker, upload).next())
                .orElseGet(() -> Keys.uploads(bucket, marker).to());
    }

    UploadPage list() {
        if (query.maxUploads() == 0) {
            return page(false);
        }
        while (true) {
            Optional<KeyValue> next = cursor.peek();
            if (next.isEmpty()) {
                return page(false);
            }
            if (uploads.size() + commonPrefixes.size() == query.maxUploads()) {
                return page(true);
            }
            show(next.get());
        }
    }

    private void show(KeyValue stored) {
        Upload upload = UploadRecords.decodeUpload(stored);
        Optional<String> commonPrefix = rollUp.of(upload.key());
        if (commonPrefix.isPresent()) {
            lastKey = commonPrefix.get();
            lastUpload = Optional.empty();
            commonPrefixes.add(lastKey);
            cursor.seek(Keys.uploadsOfPrefix(bucket, lastKey).to());
        } else {
            lastKey = upload.key();
            lastUpload = Optional.of(upload.id());
            uploads.add(upload);
            cursor.next();
        }
    }

    private UploadPage page(boolean truncated) {
        return new UploadPage(
                List.copyOf(uploads), List.copyOf(commonPrefixes), truncated, lastKey, lastUpload);
    }
}
