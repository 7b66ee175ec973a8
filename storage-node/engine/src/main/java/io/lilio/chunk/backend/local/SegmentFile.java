package io.lilio.chunk.backend.local;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32C;

/**
 * Names and beginnings of segments. A segment begins with 32 bytes: magic "LSEG" u32, version u8,
 * three zero bytes, salt u64, CRC32C of these u32, zeros; then come records ({@link ChunkFrame}).
 */
final class SegmentFile {

    static final int HEAD_BYTES = 32;

    private static final int MAGIC = 0x4C534547;
    private static final byte VERSION = 1;
    private static final int SALT_AT = 8;
    private static final int CRC_AT = 16;
    private static final Pattern NAME = Pattern.compile("(\\d{10,})\\.seg");

    private SegmentFile() {}

    static Path path(Path directory, long number) {
        return directory.resolve(String.format(Locale.ROOT, "%010d.seg", number));
    }

    /** The numbers of the segments there are, ascending. */
    static List<Long> numbers(Path directory) throws IOException {
        List<Long> numbers = new ArrayList<>();
        try (Stream<Path> files = Files.list(directory)) {
            for (Path file : files.toList()) {
                Matcher name = NAME.matcher(file.getFileName().toString());
                if (name.matches()) {
                    numbers.add(Long.parseLong(name.group(1)));
                }
            }
        }
        numbers.sort(null);
        return numbers;
    }

    static FileChannel openToRead(Path directory, long number) throws IOException {
        return FileChannel.open(path(directory, number), StandardOpenOption.READ);
    }

    static ByteBuffer head(long salt) {
        ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES);
        head.putInt(MAGIC).put(VERSION).put(new byte[3]).putLong(salt);
        head.putInt(crc(head));
        return head.clear();
    }

    /** The salt of a segment: from its head or, where that is damaged, from its first record. */
    static long salt(FileChannel segment) throws IOException {
        ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES + ChunkFrame.PREFIX_BYTES + Long.BYTES);
        DurableFiles.readFully(segment, head, 0);
        boolean intact =
                head.getInt(0) == MAGIC
                        && head.get(4) == VERSION
                        && head.getInt(CRC_AT) == crc(head);
        return head.getLong(intact ? SALT_AT : HEAD_BYTES + ChunkFrame.PREFIX_BYTES);
    }

    private static int crc(ByteBuffer head) {
        CRC32C crc = new CRC32C();
        crc.update(head.duplicate().position(0).limit(CRC_AT));
        return (int) crc.getValue();
    }
}
