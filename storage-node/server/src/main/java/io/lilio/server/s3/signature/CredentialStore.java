package io.lilio.server.s3.signature;

import java.util.Optional;

/** Where access keys are looked up: for every request. Thread-safe. */
@FunctionalInterface
public interface CredentialStore {

    Optional<Credential> find(String accessKeyId);
}
