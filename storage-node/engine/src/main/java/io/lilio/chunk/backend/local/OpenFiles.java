package io.lilio.chunk.backend.local;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Files kept open for reading, the least recently used closed first. A file that is being read
 * stays open until its readers are done, also when it was deleted meanwhile. Thread-safe.
 */
final class OpenFiles implements Closeable {

    private final int limit;
    private final ReentrantLock lock = new ReentrantLock();
    private final LinkedHashMap<Key, OpenFile> files = new LinkedHashMap<>(16, 0.75f, true);

    /** How many files were forgotten. */
    private final AtomicLong forgotten = new AtomicLong();

    OpenFiles(int limit) {
        this.limit = limit;
    }

    /** Names a segment or a chunk's file. */
    record Key(Location.Kind kind, long container, long serial) {

        static Key of(Location location) {
            return new Key(
                    location.kind(),
                    location.container(),
                    location.inSegment() ? 0 : location.position());
        }
    }

    /**
     * A file for reading; closing it gives it back.
     *
     * @param path asked for only when it is not open yet
     */
    OpenFile open(Key key, Supplier<Path> path) throws IOException {
        OpenFile cached = cached(key);
        if (cached != null) {
            return cached;
        }
        long before = forgotten.get();
        FileChannel channel = FileChannel.open(path.get(), StandardOpenOption.READ);
        List<OpenFile> surplus = new ArrayList<>();
        OpenFile file = new OpenFile(this, channel);
        lock.lock();
        try {
            if (forgotten.get() == before) {
                OpenFile earlier = files.put(key, file);
                if (earlier != null) {
                    surplus.add(earlier);
                }
            } else {
                // It may be one of those: kept open, it would keep its space.
                file.dropped = true;
            }
            while (files.size() > limit) {
                surplus.add(files.remove(files.firstEntry().getKey()));
            }
            surplus.removeIf(dropped -> !dropped.drop());
        } finally {
            lock.unlock();
        }
        for (OpenFile dropped : surplus) {
            dropped.channel().close();
        }
        return file;
    }

    private @Nullable OpenFile cached(Key key) {
        lock.lock();
        try {
            OpenFile file = files.get(key);
            if (file != null) {
                file.readers++;
            }
            return file;
        } finally {
            lock.unlock();
        }
    }

    /** Forgets a file that was deleted or whose channel is of no use any more. */
    void forget(Key key) throws IOException {
        OpenFile unused;
        lock.lock();
        try {
            forgotten.incrementAndGet();
            OpenFile file = files.remove(key);
            unused = file != null && file.drop() ? file : null;
        } finally {
            lock.unlock();
        }
        if (unused != null) {
            unused.channel().close();
        }
    }

    private void giveBack(OpenFile file) throws IOException {
        boolean last;
        lock.lock();
        try {
            file.readers--;
            last = file.dropped && file.readers == 0;
        } finally {
            lock.unlock();
        }
        if (last) {
            file.channel().close();
        }
    }

    @Override
    public void close() throws IOException {
        List<OpenFile> all = new ArrayList<>();
        lock.lock();
        try {
            for (Map.Entry<Key, OpenFile> entry : files.entrySet()) {
                if (entry.getValue().drop()) {
                    all.add(entry.getValue());
                }
            }
            files.clear();
        } finally {
            lock.unlock();
        }
        for (OpenFile file : all) {
            file.channel().close();
        }
    }

    /** An open file with one reader more. Its counters are guarded by the cache's lock. */
    static final class OpenFile implements Closeable {

        private final OpenFiles cache;
        private final FileChannel channel;
        private int readers = 1;
        private boolean dropped;

        private OpenFile(OpenFiles cache, FileChannel channel) {
            this.cache = cache;
            this.channel = channel;
        }

        FileChannel channel() {
            return channel;
        }

        /** Takes it out of the cache; true when nobody reads it and it is to be closed now. */
        private boolean drop() {
            dropped = true;
            return readers == 0;
        }

        @Override
        public void close() throws IOException {
            cache.giveBack(this);
        }
    }
}
