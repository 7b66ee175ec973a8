package io.lilio.server.admin;

import io.lilio.server.admin.gate.AdminError;
import io.lilio.server.admin.gate.AdminException;
import io.lilio.server.admin.gate.Doorkeeper;
import io.lilio.server.s3.signature.DocumentAuthenticator;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** The node that the admin API works on, while there is one. Thread-safe. */
@Singleton
public final class AdminState {

    private final Doorkeeper doorkeeper;
    private final String version;
    private volatile @Nullable AdminNode node;

    AdminState(
            Doorkeeper doorkeeper,
            @ConfigProperty(name = "quarkus.application.version") String version) {
        this.doorkeeper = doorkeeper;
        this.version = version;
    }

    /** The API answers from now on. */
    public void open(AdminNode running, DocumentAuthenticator authenticator) {
        node = running;
        doorkeeper.open(authenticator);
    }

    /** It answers no more. */
    public void close() {
        doorkeeper.close();
        node = null;
    }

    /** Of the software. */
    String version() {
        return version;
    }

    /**
     * @throws AdminException when there is none
     */
    AdminNode node() {
        AdminNode running = node;
        if (running == null) {
            throw new AdminException(
                    AdminError.UNAVAILABLE, "This node is starting or ending: try again.");
        }
        return running;
    }
}
