package io.lilio.admin.api;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The cluster as a whole. Blocking. */
@Path("/v1")
@APIResponse(
        responseCode = "default",
        description = "Refused or failed: the code says why",
        content = @Content(schema = @Schema(implementation = ApiError.class)))
@Tag(name = "cluster")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public interface ClusterApi {

    /** What cluster this is, and whether its metadata answer. */
    @GET
    @Path("/cluster")
    @Operation(summary = "What cluster this is, and whether its metadata answer")
    ClusterStatus cluster();

    /** The nodes that live. */
    @GET
    @Path("/nodes")
    @Operation(summary = "The nodes that live")
    List<NodeStatus> nodes();

    /** Every member that is not a tombstone: capacity, use, health. Waits two seconds at most. */
    @GET
    @Path("/members")
    @Operation(summary = "Every member: capacity, use, health")
    List<MemberStatus> members();

    /** Whether anything is deleted. */
    @GET
    @Path("/brake")
    @Operation(summary = "Whether the deletion brake is engaged, and why")
    BrakeStatus brake();

    /**
     * Releases the brake, on every node.
     *
     * @return how it stands then
     */
    @POST
    @Path("/brake/acknowledge")
    @Operation(summary = "Release the deletion brake, naming its engagement")
    BrakeStatus acknowledge(BrakeAcknowledgement acknowledgement);
}
