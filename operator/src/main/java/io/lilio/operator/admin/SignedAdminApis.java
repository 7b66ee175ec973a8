package io.lilio.operator.admin;

import feign.Contract;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Admin APIs over HTTP/1.1, signed with AWS Signature Version 4 for the service {@code lilio}.
 * Connecting takes two seconds at most, a call ten at each node that is asked, an answer is 16 MiB
 * at most. Redirects are not followed, proxies not used. Thread-safe.
 */
public final class SignedAdminApis implements AdminApis, AutoCloseable {

    /** More clusters than one operator has; of the others the node that answered is forgotten. */
    private static final int MAX_REMEMBERED = 1_000;

    private record Asked(List<URI> nodes, Credentials credentials) {}

    private final HttpClient http;
    private final CallLimits limits;
    private final Clock clock;
    private final Contract contract = new AdminContract();
    private final Map<Asked, AdminApi> known =
            new LinkedHashMap<>(16, 0.75f, true) {
                @Override
                protected boolean removeEldestEntry(Map.Entry<Asked, AdminApi> eldest) {
                    return size() > MAX_REMEMBERED;
                }
            };

    /**
     * @param clock whose time signatures carry
     */
    public SignedAdminApis(Clock clock) {
        this(clock, CallLimits.USUAL);
    }

    SignedAdminApis(Clock clock, CallLimits limits) {
        this.clock = clock;
        this.limits = limits;
        this.http = limits.client();
    }

    /**
     * The same as before for the same nodes and credentials, so that it is known who answered last.
     *
     * @throws IllegalArgumentException when there are no nodes
     */
    @Override
    public AdminApi of(List<URI> nodes, Credentials credentials) {
        if (nodes.isEmpty()) {
            throw new IllegalArgumentException("an admin API without nodes");
        }
        Asked asked = new Asked(List.copyOf(nodes), credentials);
        synchronized (known) {
            return known.computeIfAbsent(asked, this::make);
        }
    }

    private AdminApi make(Asked asked) {
        NodeClient client =
                new NodeClient(http, new RequestSigner(asked.credentials(), clock)::sign, limits);
        return new FailoverAdminApi(
                asked.nodes().stream().map(node -> new NodeApis(node, client, contract)).toList());
    }

    /** Ends calls under way, which fail. */
    @Override
    public void close() {
        http.shutdownNow();
    }
}
