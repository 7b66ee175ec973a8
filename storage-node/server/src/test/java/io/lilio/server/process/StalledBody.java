package io.lilio.server.process;

import java.io.InputStream;
import java.util.Random;
import java.util.concurrent.CountDownLatch;

/** The random bytes of an upload, which stop at one place until they are told to go on. */
final class StalledBody extends InputStream {

    private final Random random;
    private final int length;
    private final int stallAt;
    private final CountDownLatch stalled = new CountDownLatch(1);
    private final CountDownLatch goingOn = new CountDownLatch(1);
    private int at;

    StalledBody(Random random, int length, int stallAt) {
        this.random = random;
        this.length = length;
        this.stallAt = stallAt;
    }

    long length() {
        return length;
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] into, int offset, int count) {
        if (at == length) {
            return -1;
        }
        if (at == stallAt) {
            stalled.countDown();
            awaitQuietly(goingOn);
        }
        int end = at < stallAt ? stallAt : length;
        byte[] some = new byte[Math.min(count, end - at)];
        random.nextBytes(some);
        System.arraycopy(some, 0, into, offset, some.length);
        at += some.length;
        return some.length;
    }

    void awaitStalled() throws InterruptedException {
        stalled.await();
    }

    void goOn() {
        goingOn.countDown();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        goOn();
    }
}
