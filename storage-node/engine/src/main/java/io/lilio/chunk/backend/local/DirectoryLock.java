package io.lilio.chunk.backend.local;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/** The lock that keeps a second process out. The operating system drops it with the process. */
final class DirectoryLock implements Closeable {

    private static final String NAME = "lock";
    private static final int HOLDER_BYTES = 20;

    private final FileChannel channel;
    private final FileIdentity identity;

    private DirectoryLock(FileChannel channel, FileIdentity identity) {
        this.channel = channel;
        this.identity = identity;
    }

    static DirectoryLock acquire(Path root) throws IOException {
        Path path = root.resolve(NAME);
        FileChannel channel =
                FileChannel.open(
                        path,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE);
        try {
            if (!tryLock(channel)) {
                throw new IOException(
                        "another process has it open, with process id " + holder(channel));
            }
            sayHolder(channel);
            return new DirectoryLock(channel, FileIdentity.of(path));
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    private static boolean tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock() != null;
        } catch (OverlappingFileLockException e) {
            return false; // this process itself has it open
        }
    }

    /** Written over what was there, so that a full medium does not stop it. */
    private static void sayHolder(FileChannel channel) throws IOException {
        byte[] pid = Long.toString(ProcessHandle.current().pid()).getBytes(StandardCharsets.UTF_8);
        byte[] padded = Arrays.copyOf(pid, HOLDER_BYTES);
        Arrays.fill(padded, pid.length, HOLDER_BYTES, (byte) ' ');
        DurableFiles.writeFully(channel, ByteBuffer.wrap(padded), 0);
    }

    private static String holder(FileChannel channel) throws IOException {
        ByteBuffer pid = ByteBuffer.allocate(HOLDER_BYTES);
        DurableFiles.readFully(channel, pid, 0);
        return new String(pid.array(), 0, pid.position(), StandardCharsets.UTF_8).strip();
    }

    /** Whether the lock file at the path is the one that is locked. */
    boolean isInPlace() {
        return identity.isInPlace();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
