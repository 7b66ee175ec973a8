package io.lilio.chunk.backend.local;

import io.lilio.files.DurableDirectories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Files whose chunks were deleted. The index remembers them until their removal is durable, since a
 * power loss may bring a removed file back, and a recovery would take it for a new one.
 */
final class GoneFiles {

    private static final int SOME = 10_000;

    private GoneFiles() {}

    /** Settles what was deleted from bins that are filled no longer. */
    static void removeSome(VolumeLayout layout, ChunkIndex index) throws IOException {
        List<byte[]> gone = index.goneBefore(index.state().bin(), SOME);
        if (!gone.isEmpty()) {
            remove(layout, index, gone);
        }
    }

    /** Removes these files for good, and then what the index remembers of them. */
    static void remove(VolumeLayout layout, ChunkIndex index, List<byte[]> gone)
            throws IOException {
        Map<Long, List<byte[]>> byBin =
                gone.stream()
                        .collect(
                                Collectors.groupingBy(
                                        IndexKeys::firstLong, TreeMap::new, Collectors.toList()));
        for (Map.Entry<Long, List<byte[]>> of : byBin.entrySet()) {
            Path bin = Bin.path(layout.files(), of.getKey());
            if (Files.isDirectory(bin)) {
                removeIn(bin, of.getValue());
            }
            index.change(
                    changes -> {
                        for (byte[] key : of.getValue()) {
                            changes.forgetGone(key);
                        }
                        return true;
                    });
        }
    }

    private static void removeIn(Path bin, List<byte[]> gone) throws IOException {
        Set<Long> serials = gone.stream().map(IndexKeys::serialOfGone).collect(Collectors.toSet());
        try (Stream<Path> files = Files.list(bin)) {
            for (Path file : files.toList()) {
                boolean isGone =
                        ChunkFileName.parse(file.getFileName().toString())
                                .filter(name -> serials.contains(name.serial()))
                                .isPresent();
                if (isGone) {
                    Files.deleteIfExists(file);
                }
            }
        }
        DurableDirectories.sync(bin);
        Recovery.removeIfEmpty(bin);
    }
}
