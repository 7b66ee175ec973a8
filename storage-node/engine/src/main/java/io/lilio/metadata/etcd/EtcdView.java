package io.lilio.metadata.etcd;

import io.etcd.jetcd.api.KVGrpc;
import io.etcd.jetcd.api.RangeRequest;
import io.etcd.jetcd.api.RangeResponse;
import io.lilio.metadata.Bytes;
import io.lilio.metadata.KeyRange;
import io.lilio.metadata.KeyValue;
import io.lilio.metadata.Limits;
import io.lilio.metadata.ReadResult;
import io.lilio.metadata.ReadView;
import io.lilio.metadata.ScanPage;
import io.lilio.metadata.ViewExpiredException;
import io.lilio.time.Time;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** etcd as it was at one revision, until that is compacted or a minute is over. Thread-safe. */
final class EtcdView implements ReadView {

    static final Duration AGE = Duration.ofMinutes(1);

    /** Keys that the first answer is asked for, when it is not known how large values are. */
    private static final int FIRST_KEYS = 256;

    /** Keys that one answer is asked for. */
    private static final int MAX_KEYS = 4_096;

    /** What an answer should not be larger than: etcd makes all of it before it sends any. */
    private static final int ANSWER_BYTES = 2 << 20;

    private final EtcdReads reads;
    private final ScanHints hints;
    private final Time time;
    private final long revision;
    private final long openedNanos;
    private volatile boolean closed;

    EtcdView(EtcdReads reads, ScanHints hints, Time time, long revision) {
        this.reads = reads;
        this.hints = hints;
        this.time = time;
        this.revision = revision;
        this.openedNanos = time.nanos();
    }

    @Override
    public long revision() {
        return revision;
    }

    @Override
    public ReadResult read(List<Bytes> keys) {
        requireOpen();
        return new ReadResult(revision, reads.at(keys, revision).values());
    }

    @Override
    public ScanPage scan(KeyRange range, int limit) {
        requireOpen();
        Limits.checkScan(limit);
        if (range.isEmpty()) {
            return new ScanPage(List.of(), true);
        }
        Page page = new Page(range, limit);
        int level = hints.level(range.to());
        if (level == ScanHints.WHOLE) {
            long count = page.addUpTo(range.to());
            hints.sawWhole(range.to(), count, page.found);
        } else {
            Gallop ends = new Gallop(range.from(), range.to(), level);
            while (!page.isFull() && !page.reached.equals(range.to())) {
                page.addUpTo(ends.next());
            }
            hints.sawPage(range.to(), page.found);
        }
        return page.result();
    }

    private void requireOpen() {
        if (closed) {
            throw new ViewExpiredException("the view is closed");
        }
        if (time.nanos() - openedNanos > AGE.toNanos()) {
            throw new ViewExpiredException("the view is older than " + AGE);
        }
    }

    @Override
    public void close() {
        closed = true;
    }

    /** What a scan has found so far. */
    private final class Page {
        private final KeyRange range;
        private final int limit;
        private final List<KeyValue> found = new ArrayList<>();
        private Bytes reached;
        private long bytes;
        private boolean cut;
        private int ask = FIRST_KEYS;

        Page(KeyRange range, int limit) {
            this.range = range;
            this.limit = limit;
            this.reached = range.from();
        }

        boolean isFull() {
            return cut || found.size() >= limit;
        }

        /**
         * Adds what is found before an end.
         *
         * @return how many keys there are from where the page was to that end
         */
        long addUpTo(Bytes end) {
            long count = -1;
            while (!isFull() && !reached.equals(end)) {
                RangeResponse answer;
                try {
                    answer = ask(end, Math.min(ask, limit - found.size()));
                } catch (EtcdException e) {
                    if (e.fault() != EtcdFault.ANSWER_TOO_LARGE || ask == 1) {
                        throw reads.translate(e);
                    }
                    ask = Math.max(1, ask / 8);
                    continue;
                }
                if (count < 0) {
                    count = answer.getCount();
                }
                answer.getKvsList().forEach(this::add);
                askBySize();
                if (!cut) {
                    reached =
                            answer.getMore() && !found.isEmpty()
                                    ? found.getLast().key().next()
                                    : end;
                }
            }
            return count;
        }

        private void askBySize() {
            if (!found.isEmpty()) {
                long average = Math.max(1, bytes / found.size());
                ask = Math.clamp(ANSWER_BYTES / average, 1, MAX_KEYS);
            }
        }

        private RangeResponse ask(Bytes end, int keys) {
            RangeRequest request =
                    reads.keys()
                            .range(new KeyRange(reached, end))
                            .setRevision(revision)
                            .setLimit(keys)
                            .build();
            return reads.client().ask(KVGrpc.getRangeMethod(), request);
        }

        private void add(io.etcd.jetcd.api.KeyValue kv) {
            if (cut) {
                return;
            }
            KeyValue entry = reads.keys().entry(kv);
            long size = (long) entry.key().length() + entry.value().length();
            if (!found.isEmpty() && bytes + size > Limits.MAX_PAGE_BYTES) {
                cut = true;
                return;
            }
            bytes += size;
            found.add(entry);
        }

        ScanPage result() {
            return new ScanPage(List.copyOf(found), !cut && reached.equals(range.to()));
        }
    }
}
