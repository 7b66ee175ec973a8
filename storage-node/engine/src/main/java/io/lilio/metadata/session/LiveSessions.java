package io.lilio.metadata.session;

import io.lilio.metadata.KeyRange;
import io.lilio.metadata.KeyValue;
import io.lilio.metadata.MetadataStore;
import io.lilio.metadata.ReadView;
import io.lilio.metadata.ScanPage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Reads all sessions and their marks at one revision. Thread-safe. */
final class LiveSessions {

    private static final int PAGE = 1_000;

    private final MetadataStore store;

    LiveSessions(MetadataStore store) {
        this.store = store;
    }

    /** Linearizable: a session that is not in the answer was dead when this was called. */
    Marks read() {
        try (ReadView view = store.view()) {
            List<KeyValue> records = new ArrayList<>();
            Map<SessionKeys, KeyValue> marks = new HashMap<>();
            KeyRange range = SessionKeys.all();
            ScanPage page;
            do {
                page = view.scan(range, PAGE);
                for (KeyValue entry : page.entries()) {
                    if (SessionKeys.isRecord(entry.key())) {
                        records.add(entry);
                    } else if (SessionKeys.isMark(entry.key())) {
                        marks.put(SessionKeys.of(entry.key()), entry);
                    }
                }
                if (!page.complete()) {
                    range = new KeyRange(page.entries().getLast().key().next(), range.to());
                }
            } while (!page.complete());
            List<LiveSession> sessions = new ArrayList<>(records.size());
            for (KeyValue session : records) {
                KeyValue mark = marks.get(SessionKeys.of(session.key()));
                if (mark == null) {
                    throw new IllegalStateException(
                            "session "
                                    + session.key()
                                    + " has no mark, although it was born with"
                                    + " one");
                }
                sessions.add(SessionRecords.decode(session, mark));
            }
            return new Marks(view.revision(), sessions);
        }
    }
}
