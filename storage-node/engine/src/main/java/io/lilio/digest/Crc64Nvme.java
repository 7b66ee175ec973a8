package io.lilio.digest;

import java.nio.ByteBuffer;
import java.util.zip.Checksum;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.crt.checksums.CRC64NVME;

/**
 * CRC-64/NVME through the AWS common runtime, which takes arrays only: direct buffers pass through
 * a small one. The native library is loaded by the first use. Not thread-safe.
 */
final class Crc64Nvme implements Checksum {

    private static final int SCRATCH_BYTES = 16 * 1024;

    private final CRC64NVME crc = new CRC64NVME();
    private byte @Nullable [] scratch;

    @Override
    public void update(int value) {
        crc.update(value & 0xff);
    }

    @Override
    public void update(byte[] array, int offset, int length) {
        crc.update(array, offset, length);
    }

    @Override
    public void update(ByteBuffer data) {
        byte[] copy = scratch;
        if (copy == null || copy.length < Math.min(SCRATCH_BYTES, data.remaining())) {
            copy = new byte[Math.min(SCRATCH_BYTES, data.remaining())];
            scratch = copy;
        }
        while (data.hasRemaining()) {
            int length = Math.min(copy.length, data.remaining());
            data.get(copy, 0, length);
            crc.update(copy, 0, length);
        }
    }

    @Override
    public long getValue() {
        return crc.getValue();
    }

    @Override
    public void reset() {
        crc.reset();
    }
}
