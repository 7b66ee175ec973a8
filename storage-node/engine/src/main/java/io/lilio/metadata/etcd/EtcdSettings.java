package io.lilio.metadata.etcd;

import io.lilio.tls.PemFiles;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * How etcd is reached and used.
 *
 * @param endpoints host:port of members, at least one
 * @param prefix all keys begin with it, so that several clusters may share an etcd
 * @param login as whom, where etcd asks for that
 * @param tls how connections are secured: whom etcd's certificate is signed by, and what this
 *     client shows. The files are read again when they have changed. Empty for none
 * @param limits how long calls may take, and how large etcd may grow
 */
public record EtcdSettings(
        List<String> endpoints,
        String prefix,
        Optional<Login> login,
        Optional<PemFiles> tls,
        Limits limits) {

    public EtcdSettings {
        endpoints = List.copyOf(endpoints);
        if (endpoints.isEmpty()) {
            throw new IllegalArgumentException("etcd is reached at one endpoint at least");
        }
        if (prefix.isEmpty()) {
            throw new IllegalArgumentException("a prefix of etcd's keys is not empty");
        }
    }

    /** A user of etcd. */
    public record Login(String user, String password) {

        /** Without the password. */
        @Override
        public String toString() {
            return "Login[" + user + "]";
        }
    }

    /**
     * Bounds.
     *
     * @param timeout how long a call may take; longer than an election of etcd's leader
     * @param quotaBytes etcd's {@code --quota-backend-bytes}; an etcd from 3.6 on says itself
     */
    public record Limits(Duration timeout, long quotaBytes) {

        /** Five seconds; 2 GiB, which is etcd's own default. */
        public static final Limits DEFAULTS = new Limits(Duration.ofSeconds(5), 2L << 30);
    }

    /** Without login and TLS, with usual limits. */
    public static EtcdSettings of(List<String> endpoints, String prefix) {
        return new EtcdSettings(
                endpoints, prefix, Optional.empty(), Optional.empty(), Limits.DEFAULTS);
    }
}
