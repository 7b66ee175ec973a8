package io.lilio.server.admin;

import io.lilio.server.admin.gate.Call;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import jakarta.inject.Singleton;

/** The call that a resource is answering. Thread-safe. */
@Singleton
final class CurrentCall {

    private final CurrentVertxRequest request;

    CurrentCall(CurrentVertxRequest request) {
        this.request = request;
    }

    /** Its request id. */
    String id() {
        return Call.of(request.getCurrent()).id();
    }

    /** Says what a change is about, for the audit log. */
    void note(String what) {
        Call.of(request.getCurrent()).note(what);
    }
}
