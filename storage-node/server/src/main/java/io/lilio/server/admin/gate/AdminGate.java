package io.lilio.server.admin.gate;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.lilio.server.s3.error.S3Exception;
import io.lilio.server.s3.http.Caller;
import io.lilio.server.s3.http.LoggedUri;
import io.lilio.server.s3.http.RequestBody;
import io.lilio.server.s3.http.RequestHead;
import io.lilio.server.s3.http.RequestHeaders;
import io.lilio.server.s3.http.S3Request;
import io.lilio.server.s3.http.TargetParser;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import io.vertx.ext.web.impl.RoutingContextInternal;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Stands before everything on the admin port, whatever the path: reads the request as a whole, has
 * its signature checked on a virtual thread, and only then lets it on. Writes a line for every
 * change that was asked for, done or refused. Thread-safe.
 */
@Singleton
public final class AdminGate {

    private static final Logger log = LoggerFactory.getLogger(AdminGate.class);
    private static final Logger audit = LoggerFactory.getLogger("io.lilio.audit");

    /** Before all other filters. */
    private static final int FIRST = 100_000;

    /** No document of the API is longer. */
    static final int MAX_BODY_BYTES = 64 << 10;

    /** How long a body may take to arrive. */
    private static final long BODY_MILLIS = 30_000;

    private static final int MAX_AT_ONCE = 64;

    private final Doorkeeper doorkeeper;
    private final ObjectMapper json;
    private final TargetParser targets = new TargetParser(List.of());
    private final SecureRandom ids = new SecureRandom();
    private final Semaphore places = new Semaphore(MAX_AT_ONCE);
    private final ThreadFactory threads = Thread.ofVirtual().name("admin-", 0).factory();

    AdminGate(Doorkeeper doorkeeper, ObjectMapper json) {
        this.doorkeeper = doorkeeper;
        this.json = json;
    }

    void stand(@Observes Filters filters) {
        filters.register(this::receive, FIRST);
    }

    /** On the event loop: the body, within its bounds. */
    private void receive(RoutingContext context) {
        String id = HexFormat.of().withUpperCase().toHexDigits(ids.nextLong());
        context.response().putHeader("x-amz-request-id", id).putHeader("Cache-Control", "no-store");
        Buffer body = Buffer.buffer();
        HttpServerRequest request = context.request();
        long timer =
                context.vertx()
                        .setTimer(
                                BODY_MILLIS,
                                _ -> refuseBody(context, id, AdminError.TIMEOUT, "does not come"));
        context.addEndHandler(_ -> context.vertx().cancelTimer(timer));
        request.handler(
                bytes -> {
                    if (body.length() + bytes.length() > MAX_BODY_BYTES) {
                        refuseBody(
                                context,
                                id,
                                AdminError.TOO_LARGE,
                                "is longer than " + MAX_BODY_BYTES + " bytes");
                    } else {
                        body.appendBuffer(bytes);
                    }
                });
        request.endHandler(
                _ -> {
                    context.vertx().cancelTimer(timer);
                    if (!context.response().ended()) {
                        enter(context, id, body);
                    }
                });
        request.resume();
    }

    private void refuseBody(RoutingContext context, String id, AdminError error, String what) {
        if (!context.response().ended()) {
            context.response().putHeader("Connection", "close");
            refuse(context, id, new AdminException(error, "The body of the request " + what + "."));
        }
    }

    private void enter(RoutingContext context, String id, Buffer body) {
        if (context.response().closed()) {
            return; // nobody is there any more, and nothing would give the place back
        }
        if (!places.tryAcquire()) {
            refuse(
                    context,
                    id,
                    new AdminException(
                            AdminError.SLOW_DOWN, "Too many requests at once: try again."));
            return;
        }
        context.addEndHandler(_ -> places.release());
        Context loop = context.vertx().getOrCreateContext();
        threads.newThread(
                        () -> {
                            try {
                                Call call = new Call(id, admit(context, id, body));
                                loop.runOnContext(_ -> letIn(context, call, body));
                            } catch (AdminException refused) {
                                loop.runOnContext(_ -> refuse(context, id, refused));
                            }
                        })
                .start();
    }

    private Caller admit(RoutingContext context, String id, Buffer body) {
        try {
            return doorkeeper.admit(request(context, id), body.getBytes());
        } catch (S3Exception malformed) {
            throw AdminException.of(malformed);
        } catch (AdminException refused) {
            throw refused;
        } catch (RuntimeException failed) {
            log.warn("request {}: it cannot be told who signed it", id, failed);
            throw new AdminException(
                    AdminError.UNAVAILABLE, "Access keys cannot be looked up now: try again.");
        }
    }

    private S3Request request(RoutingContext context, String id) {
        HttpServerRequest request = context.request();
        RequestHeaders headers = RequestHeaders.from(request.headers());
        return new S3Request(
                new RequestHead(
                        id,
                        new RequestHead.Peer(
                                request.remoteAddress().hostAddress(), request.isSSL()),
                        targets.parse(
                                request.method().name(),
                                request.uri(),
                                headers.first("host").orElse("")),
                        headers),
                RequestBody.EMPTY,
                Caller.ANONYMOUS);
    }

    private static void letIn(RoutingContext context, Call call, Buffer body) {
        call.attach(context);
        context.addEndHandler(_ -> audit(context, call.id(), call.caller().accessKeyId()));
        ((RoutingContextInternal) context).setBody(body);
        context.next();
    }

    private void refuse(RoutingContext context, String id, AdminException refused) {
        context.addEndHandler(_ -> audit(context, id, "nobody"));
        HttpServerResponse response = context.response();
        if (response.ended() || response.closed()) {
            return;
        }
        if (refused.status() == AdminError.NOT_SIGNED.status()) {
            response.putHeader("WWW-Authenticate", "AWS4-HMAC-SHA256");
        }
        response.setStatusCode(refused.status()).putHeader("Content-Type", "application/json");
        try {
            response.end(Buffer.buffer(json.writeValueAsBytes(refused.answer(id))));
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Who asked for what, and how it went. Paths and notes hold no secrets. */
    private static void audit(RoutingContext context, String id, String who) {
        String method = context.request().method().name();
        if (method.equals("GET") || method.equals("HEAD")) {
            return;
        }
        audit.info(
                "{} {} by {} from {}: {}{} (request {})",
                method,
                new LoggedUri(context.request().uri()),
                who,
                context.request().remoteAddress().hostAddress(),
                context.response().getStatusCode(),
                Call.find(context)
                        .map(Call::notes)
                        .filter(notes -> !notes.isEmpty())
                        .map(notes -> ", " + String.join(", ", notes))
                        .orElse(""),
                id);
    }
}
