package io.lilio.server.s3.http;

import io.lilio.server.s3.error.S3Error;
import io.lilio.server.s3.http.RequestListener.Outcome;
import io.vertx.core.http.HttpServerRequest;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** What the logs say of single requests. Thread-safe. */
final class RequestLog {

    private static final Logger LOG = LoggerFactory.getLogger(RequestLog.class);

    /** One line per request. */
    private static final Logger ACCESS = LoggerFactory.getLogger("io.lilio.access");

    private RequestLog() {}

    /** A request failed; how loud that is depends on whose fault it is. */
    static void failed(HttpServerRequest request, S3Error code, Throwable failure) {
        if (code == S3Error.INTERNAL_ERROR) {
            LOG.error("{} {} failed", request.method(), uri(request), failure);
        } else if (code.status() >= 500) {
            LOG.warn("{} {}: {}", request.method(), uri(request), failure.getMessage());
            LOG.debug("Where it came from", failure);
        } else {
            LOG.debug("{} {}: {}", request.method(), uri(request), failure.getMessage());
        }
    }

    /** A request failed that its client took for a success so far. */
    static void brokenOff(HttpServerRequest request, S3Error code, Throwable failure) {
        if (code != S3Error.INTERNAL_ERROR) {
            LOG.warn(
                    "{} {}: broken off after the answer had begun: {}",
                    request.method(),
                    uri(request),
                    failure.getMessage());
        }
    }

    /** The client left, or was let go. */
    static void lost(HttpServerRequest request, String why) {
        LOG.debug("{} {}: {}", request.method(), uri(request), why);
    }

    /** An answer that this server made is none. */
    static void unwritable(HttpServerRequest request, RuntimeException cause) {
        LOG.error("{} {}: the answer cannot be sent", request.method(), uri(request), cause);
    }

    /** A request is over. */
    static void over(String id, String client, HttpServerRequest request, Outcome outcome) {
        if (ACCESS.isDebugEnabled()) {
            MDC.put(Exchange.MDC_KEY, id);
            ACCESS.debug(
                    "{} {} {} {} {} {} {}",
                    id,
                    client,
                    request.method(),
                    uri(request),
                    outcome.status(),
                    outcome.traffic().sent(),
                    outcome.errorCode().isEmpty() ? "-" : outcome.errorCode());
            MDC.remove(Exchange.MDC_KEY);
        }
    }

    private static LoggedUri uri(HttpServerRequest request) {
        return new LoggedUri(request.uri());
    }
}
