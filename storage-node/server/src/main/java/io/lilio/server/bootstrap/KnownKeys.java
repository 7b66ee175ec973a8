package io.lilio.server.bootstrap;

import io.lilio.catalog.access.AccessKey;
import io.lilio.catalog.access.AccessKeys;
import io.lilio.server.s3.http.Caller;
import io.lilio.server.s3.signature.Credential;
import io.lilio.server.s3.signature.CredentialStore;
import java.util.Optional;
import java.util.Set;

/** The root key, and those that the catalog keeps. */
final class KnownKeys implements CredentialStore {

    private final String rootAccessKey;
    private final Credential root;
    private final AccessKeys others;

    KnownKeys(RootCredentials root, AccessKeys others) {
        this.rootAccessKey = root.accessKey();
        this.root =
                new Credential(
                        root.secretKey(),
                        new Caller(root.accessKey(), Caller.Role.ADMIN, Set.of()));
        this.others = others;
    }

    @Override
    public Optional<Credential> find(String accessKeyId) {
        if (accessKeyId.equals(rootAccessKey)) {
            return Optional.of(root);
        }
        return others.find(accessKeyId).filter(AccessKey::enabled).map(KnownKeys::credential);
    }

    private static Credential credential(AccessKey key) {
        Caller.Role role =
                switch (key.role()) {
                    case READ_ONLY -> Caller.Role.READ_ONLY;
                    case READ_WRITE -> Caller.Role.READ_WRITE;
                    case ADMIN -> Caller.Role.ADMIN;
                };
        return new Credential(key.secret(), new Caller(key.id(), role, Set.copyOf(key.buckets())));
    }
}
