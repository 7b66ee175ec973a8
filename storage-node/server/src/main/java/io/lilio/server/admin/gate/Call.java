package io.lilio.server.admin.gate;

import io.lilio.server.s3.http.Caller;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A request on the admin port that was let in. Thread-safe.
 *
 * @param id the request id
 * @param caller who signed it
 * @param notes what a change was about, for the audit log; no secrets
 */
public record Call(String id, Caller caller, List<String> notes) {

    private static final String KEY = "lilio.call";

    Call(String id, Caller caller) {
        this(id, caller, new CopyOnWriteArrayList<>());
    }

    /** What the request is about, where its path does not tell: for the audit log. */
    public void note(String what) {
        notes.add(what);
    }

    void attach(RoutingContext to) {
        to.put(KEY, this);
    }

    /**
     * The call that a request is.
     *
     * @throws IllegalStateException when it never came through the gate
     */
    public static Call of(RoutingContext request) {
        return find(request)
                .orElseThrow(() -> new IllegalStateException("a request that nobody let in"));
    }

    static Optional<Call> find(RoutingContext request) {
        return Optional.ofNullable(request.get(KEY));
    }
}
