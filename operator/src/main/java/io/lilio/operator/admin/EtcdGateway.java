package io.lilio.operator.admin;

import com.fasterxml.jackson.annotation.JsonProperty;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The part of etcd's cluster API that is needed, as its JSON gateway has it (etcd's documentation,
 * "gRPC gateway", and {@code rpc.proto}): numbers of 64 bits are text, and what is empty is absent.
 */
@Path("/v3/cluster/member")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
interface EtcdGateway {

    @POST
    @Path("/list")
    Members list(Listing listing);

    @POST
    @Path("/add")
    Members add(Addition addition);

    @POST
    @Path("/remove")
    Members remove(Removal removal);

    /**
     * @param linearizable whether a majority has to agree
     */
    record Listing(boolean linearizable) {}

    record Addition(@JsonProperty("peerURLs") List<String> peers) {}

    /**
     * @param id in decimal digits
     */
    record Removal(@JsonProperty("ID") String id) {}

    record Members(List<Member> members) {}

    /**
     * @param id in decimal digits
     * @param name its own; those who found an etcd have it before they start
     * @param clients what it tells of itself when it starts
     */
    record Member(
            @JsonProperty("ID") String id,
            @Nullable String name,
            @JsonProperty("peerURLs") @Nullable List<String> peers,
            @JsonProperty("clientURLs") @Nullable List<String> clients) {

        boolean hasStarted() {
            return clients != null && !clients.isEmpty();
        }
    }
}
