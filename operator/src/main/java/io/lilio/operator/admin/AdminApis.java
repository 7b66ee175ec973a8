package io.lilio.operator.admin;

import java.net.URI;
import java.util.List;

/** Finds the admin API of a cluster. Thread-safe. */
public interface AdminApis {

    /**
     * The admin API at the first of some nodes that answers; the one that answered last is asked
     * first. Nothing is connected before the first call.
     *
     * @param nodes where the admin ports of its nodes are, such as {@code
     *     http://demo-0.demo-nodes.lab.svc:9001}; at least one
     */
    AdminApi of(List<URI> nodes, Credentials credentials);

    /** The key that calls are signed with, and for which region. */
    record Credentials(String accessKey, String secretKey, String region) {

        /** Without the secret. */
        @Override
        public String toString() {
            return "Credentials[" + accessKey + "]";
        }
    }
}
