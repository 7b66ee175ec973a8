package io.lilio.chunk.backend.local;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which files are written past the page cache (O_DIRECT). That saves a copy of every byte and the
 * pages for it, leaves what is read often in memory, and takes whole blocks only: so it is for
 * payloads that are a multiple of {@link ChunkFrame#FILE_ALIGNMENT}, in buffers that begin at one.
 * Thread-safe.
 */
final class DirectWrites {

    private static final Logger log = LoggerFactory.getLogger(DirectWrites.class);
    private static final String PROBE = "direct-probe";

    private static final Set<OpenOption> THROUGH_THE_CACHE =
            Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

    /** Everything goes through the page cache. */
    static final DirectWrites NONE = new DirectWrites(THROUGH_THE_CACHE);

    private final Set<OpenOption> forWholeBlocks;

    private DirectWrites(Set<OpenOption> forWholeBlocks) {
        this.forWholeBlocks = forWholeBlocks;
    }

    /** Tries whether the file system of a directory takes them; not all do. */
    static DirectWrites in(Path directory) throws IOException {
        Path file = directory.resolve(PROBE);
        Files.deleteIfExists(file);
        try {
            Set<OpenOption> direct =
                    Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE, option());
            try (FileChannel channel = FileChannel.open(file, direct)) {
                channel.write(new FrameBuffers().take(ChunkFrame.FILE_ALIGNMENT));
            }
            return new DirectWrites(direct);
        } catch (IOException | UnsupportedOperationException | ReflectiveOperationException e) {
            log.info("{} is written through the page cache: {}", directory, e.toString());
            return NONE;
        } finally {
            Files.deleteIfExists(file);
        }
    }

    /** The JDK's own, by name: javac has a warning for it that cannot be answered in the source. */
    private static OpenOption option() throws ReflectiveOperationException {
        return (OpenOption)
                Class.forName("com.sun.nio.file.ExtendedOpenOption").getField("DIRECT").get(null);
    }

    /** How the file for such a payload is opened. */
    Set<OpenOption> options(ByteBuffer payload) {
        return isWholeBlocks(payload) ? forWholeBlocks : THROUGH_THE_CACHE;
    }

    private static boolean isWholeBlocks(ByteBuffer payload) {
        return payload.isDirect()
                && payload.remaining() % ChunkFrame.FILE_ALIGNMENT == 0
                && payload.alignmentOffset(payload.position(), ChunkFrame.FILE_ALIGNMENT) == 0;
    }
}
