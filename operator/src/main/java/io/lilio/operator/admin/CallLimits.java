package io.lilio.operator.admin;

import java.net.http.HttpClient;
import java.time.Duration;

/**
 * What a call to one node may take.
 *
 * @param connect until it is connected to
 * @param call until the last byte of its answer, connecting included
 * @param answerBytes how long its answer may be
 */
record CallLimits(Duration connect, Duration call, int answerBytes) {

    static final CallLimits USUAL =
            new CallLimits(Duration.ofSeconds(2), Duration.ofSeconds(10), 16 << 20);

    /** A client that connects within them, over HTTP/1.1, straight to whom it is told to. */
    HttpClient client() {
        return HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(connect)
                .followRedirects(HttpClient.Redirect.NEVER)
                .proxy(HttpClient.Builder.NO_PROXY)
                .build();
    }
}
