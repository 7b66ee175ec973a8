package io.lilio.server.s3.http;

import java.time.Duration;
import java.util.List;

/**
 * How the S3 port listens.
 *
 * @param host address or name to bind
 * @param port 0 for any free one
 * @param domains domains whose sub-domains are buckets (virtual-host style)
 * @param limits what is bounded by number
 * @param deadlines what is bounded by time
 */
public record HttpSettings(
        String host, int port, List<String> domains, Limits limits, Deadlines deadlines) {

    public HttpSettings {
        domains = List.copyOf(domains);
    }

    /**
     * Bounds by number.
     *
     * @param requests requests being served at once; more are answered 503 SlowDown
     * @param connections connections open at once; more are closed
     * @param bodyBufferBytes heap for payloads that have arrived and were not read yet, all
     *     requests together
     */
    public record Limits(int requests, int connections, long bodyBufferBytes) {
        public static final Limits DEFAULT = new Limits(1024, 4096, 48L << 20);
    }

    /**
     * Bounds by time.
     *
     * @param idle how long a connection may be open without a request under way
     * @param read how long a request may wait for the next bytes of its payload
     * @param write how long the client may take to accept the next bytes of its answer, and how far
     *     it may fall behind the lowest rate in taking it
     * @param request how long a whole request may take
     * @param minimumBytesPerSecond the slowest client tolerated. A payload's rate is averaged over
     *     the time that the server waited for its client, and looked at once that is longer than
     *     {@code read}; an answer's counts while something waits for the client ({@link
     *     WriteProgress}). The engine holds objects on their way in to the same rate, for each
     *     second after a grace ({@link io.lilio.object.ObjectSettings.Pace})
     */
    public record Deadlines(
            Duration idle,
            Duration read,
            Duration write,
            Duration request,
            long minimumBytesPerSecond) {
        public static final Deadlines DEFAULT =
                new Deadlines(
                        Duration.ofSeconds(75),
                        Duration.ofSeconds(30),
                        Duration.ofSeconds(60),
                        Duration.ofHours(24),
                        1_024);
    }
}
