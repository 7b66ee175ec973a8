package io.lilio.chunk.backend.local;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;

/**
 * Notes what of a data directory is durable: of a file the bytes it had when it was synced last, of
 * a directory the names, of the index all files. The page cache shows everything that was ever
 * written; this shows what a power loss leaves.
 */
final class DurableImage implements Forcing {

    private final Map<Path, byte[]> contents = new HashMap<>();
    private final Map<Path, Set<Path>> names = new HashMap<>();
    private final Map<Path, byte[]> index = new HashMap<>();

    @Override
    public synchronized void force(FileChannel channel, Path path) throws IOException {
        if (Files.isDirectory(path)) {
            names.put(path, list(path));
        } else {
            contents.put(path, Files.readAllBytes(path));
        }
    }

    @Override
    public synchronized void forceIndex(RocksDB db, Path directory)
            throws IOException, RocksDBException {
        db.syncWal();
        index.clear();
        for (Path file : list(directory)) {
            index.put(file, Files.readAllBytes(file));
        }
    }

    private static Set<Path> list(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return new HashSet<>(entries.toList());
        }
    }

    /** Makes a directory as a power loss now would leave this one. */
    synchronized void restore(Path root, Path target) throws IOException {
        Map<Path, byte[]> left = new HashMap<>(index);
        for (Set<Path> durable : names.values()) {
            for (Path name : durable) {
                byte[] bytes = contents.get(name);
                if (!Files.isDirectory(name)) {
                    left.put(name, bytes == null ? new byte[0] : bytes);
                }
            }
        }
        for (Map.Entry<Path, byte[]> file : left.entrySet()) {
            Path copy = target.resolve(root.relativize(file.getKey()).toString());
            Files.createDirectories(copy.getParent());
            Files.write(copy, file.getValue());
        }
    }
}
