package io.lilio.server.s3.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.server.s3.http.HttpSettings.Deadlines;
import io.lilio.server.s3.http.HttpSettings.Limits;
import io.lilio.server.s3.http.RawClient.Reply;
import io.lilio.server.s3.http.RequestListener.Outcome;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;

/** Servers with a handler of the test's own, and clients, which all end with the test. */
abstract class ServerCase {

    static final Deadlines IMPATIENT =
            new Deadlines(
                    Duration.ofMillis(500),
                    Duration.ofMillis(500),
                    Duration.ofMillis(500),
                    Duration.ofMinutes(1),
                    1);

    final BlockingQueue<Outcome> outcomes = new LinkedBlockingQueue<>();
    final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void closeEverything() throws Exception {
        for (AutoCloseable each : open.reversed()) {
            each.close();
        }
    }

    S3Server serve(S3Handler handler) throws IOException {
        return serve(handler, Limits.DEFAULT, Deadlines.DEFAULT);
    }

    S3Server serve(S3Handler handler, Limits limits, Deadlines deadlines) throws IOException {
        HttpSettings settings =
                new HttpSettings("127.0.0.1", 0, List.of("localhost"), limits, deadlines);
        S3Server server =
                S3Server.start(
                        settings,
                        handler,
                        outcomes::add,
                        Thread.ofVirtual().factory(),
                        new Random(1));
        open.add(server);
        return server;
    }

    RawClient connect(S3Server server) throws IOException {
        RawClient client = new RawClient(server.port());
        open.add(client);
        return client;
    }

    static byte[] readAll(RequestBody body) {
        java.io.ByteArrayOutputStream all = new java.io.ByteArrayOutputStream();
        ByteBuffer buffer = ByteBuffer.allocate(100_000);
        while (body.read(buffer) >= 0) {
            all.write(buffer.array(), 0, buffer.position());
            buffer.clear();
        }
        return all.toByteArray();
    }

    static byte[] bytes(int count) {
        byte[] bytes = new byte[count];
        new Random(count).nextBytes(bytes);
        return bytes;
    }

    static String code(Reply reply) {
        return reply.text().replaceAll("(?s).*<Code>(.*)</Code>.*", "$1");
    }

    static void awaitIdle(S3Server server) {
        await("no request is under way", () -> server.requestsUnderWay() == 0);
    }

    /** Fails when it does not hold within half a minute. */
    static void await(String what, BooleanSupplier condition) {
        for (int i = 0; !condition.getAsBoolean(); i++) {
            assertThat(i).as("%s: still not", what).isLessThan(3_000);
            try {
                Thread.sleep(10);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}
