package io.lilio.digest;

import java.nio.ByteBuffer;
import java.util.zip.Checksum;

/** A CRC over a stream of bytes; its value is big endian, as S3 shows it. */
final class RunningChecksum implements RunningDigest {

    private final Checksum checksum;
    private final int lengthBytes;

    RunningChecksum(Checksum checksum, int lengthBytes) {
        this.checksum = checksum;
        this.lengthBytes = lengthBytes;
    }

    @Override
    public void update(ByteBuffer data) {
        checksum.update(data);
    }

    @Override
    public byte[] finish() {
        return CrcCombination.toBytes(checksum.getValue(), lengthBytes);
    }
}
