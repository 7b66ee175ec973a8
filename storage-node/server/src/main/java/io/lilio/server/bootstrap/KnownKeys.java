package io.lilio.server.bootstrap;

import io.lilio.catalog.access.AccessKey;
import io.lilio.catalog.access.AccessKeys;
import io.lilio.server.s3.http.Caller;
import io.lilio.server.s3.signature.Credential;
import io.lilio.server.s3.signature.CredentialStore;
import io.lilio.time.Time;
import java.util.Optional;
import java.util.Set;

/** The root key, and those that the catalog keeps. */
final class KnownKeys implements CredentialStore {

    private final String rootAccessKey;
    private final Credential root;
    private final AccessKeys others;
    private final Time time;

    /**
     * @param time says whether the secret before a rotation is still good
     */
    KnownKeys(RootCredentials root, AccessKeys others, Time time) {
        this.rootAccessKey = root.accessKey();
        this.root =
                new Credential(
                        root.secretKey(),
                        new Caller(root.accessKey(), Caller.Role.ADMIN, Set.of()));
        this.others = others;
        this.time = time;
    }

    @Override
    public Optional<Credential> find(String accessKeyId) {
        if (accessKeyId.equals(rootAccessKey)) {
            return Optional.of(root);
        }
        return others.find(accessKeyId).filter(AccessKey::enabled).map(this::credential);
    }

    private Credential credential(AccessKey key) {
        Caller.Role role =
                switch (key.role()) {
                    case READ_ONLY -> Caller.Role.READ_ONLY;
                    case READ_WRITE -> Caller.Role.READ_WRITE;
                    case ADMIN -> Caller.Role.ADMIN;
                };
        Optional<String> previous =
                key.previous()
                        .filter(before -> before.until().isAfter(time.now()))
                        .map(AccessKey.Previous::secret);
        return new Credential(
                key.secret(), previous, new Caller(key.id(), role, Set.copyOf(key.buckets())));
    }
}
