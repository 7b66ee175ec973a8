package io.lilio.server.s3.signature;

import java.util.Optional;

/** Where access keys are looked up: for every request, so implementations cache. Thread-safe. */
@FunctionalInterface
public interface CredentialStore {

    Optional<Credential> find(String accessKeyId);
}
