package io.lilio.server.s3.operation;

import io.lilio.server.s3.error.S3Error;
import io.lilio.server.s3.error.S3Exception;
import io.lilio.server.s3.http.ResponseStream;
import io.lilio.server.s3.http.S3Response;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The part of the heap that listings and long documents may take, which are the only things on the
 * S3 port that are held as a whole. Who finds it taken waits a moment in line, and is then told to
 * slow down. Thread-safe.
 */
final class HeapShare {

    /** What is counted in, so that the number of all fits into an int. */
    private static final int UNIT_BYTES = 1024;

    /** What a finished document takes beside its bytes: its text, and what it was made from. */
    private static final int COPIES = 4;

    private final int units;
    private final Semaphore free;
    private final Duration patience;

    /**
     * @param bytes the share, all requests together
     * @param patience how long a request waits for its part
     */
    HeapShare(long bytes, Duration patience) {
        this.units = Math.clamp(bytes / UNIT_BYTES, 1, Integer.MAX_VALUE);
        this.free = new Semaphore(units, true);
        this.patience = patience;
    }

    /** A quarter of this process's heap, and two seconds. */
    static HeapShare ofThisProcess() {
        return new HeapShare(Runtime.getRuntime().maxMemory() / 4, Duration.ofSeconds(2));
    }

    /**
     * Does something that takes so much heap until it has answered. Once the answer is made only as
     * much is kept as it needs while it is on its way.
     *
     * @throws S3Exception SlowDown
     */
    void during(long bytes, S3Response response, Consumer<S3Response> work) {
        Part part = new Part(take(bytes), response);
        try {
            work.accept(part);
        } finally {
            part.keep(0);
        }
    }

    private int take(long bytes) {
        int wanted = units(bytes);
        try {
            if (free.tryAcquire(wanted, patience.toNanos(), TimeUnit.NANOSECONDS)) {
                return wanted;
            }
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
        }
        throw new S3Exception(S3Error.SLOW_DOWN);
    }

    /** One request may always have what it needs, if it is alone. */
    private int units(long bytes) {
        return Math.clamp((bytes + UNIT_BYTES - 1) / UNIT_BYTES, 0, units);
    }

    /** The answer of a request that holds a part of the heap. */
    private final class Part implements S3Response {

        private final S3Response response;
        private int held;

        Part(int held, S3Response response) {
            this.held = held;
            this.response = response;
        }

        /** Gives back what is held beyond this. */
        void keep(long bytes) {
            int kept = Math.min(held, units(bytes));
            free.release(held - kept);
            held = kept;
        }

        @Override
        public void operation(String name) {
            response.operation(name);
        }

        @Override
        public S3Response status(int status) {
            response.status(status);
            return this;
        }

        @Override
        public S3Response header(String name, String value) {
            response.header(name, value);
            return this;
        }

        @Override
        public void end() {
            response.end();
        }

        @Override
        public void endHead(long contentLength) {
            response.endHead(contentLength);
        }

        @Override
        public void end(byte[] payload) {
            keep((long) payload.length * COPIES);
            response.end(payload);
        }

        @Override
        public ResponseStream begin(long contentLength) {
            return response.begin(contentLength);
        }

        @Override
        public boolean committed() {
            return response.committed();
        }

        @Override
        public S3Exception failed(Throwable failure) {
            return response.failed(failure);
        }
    }
}
