package io.lilio.admin.api;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Runs of maintenance. The record in the metadata is the result, whoever runs it. Blocking. */
@Path("/v1/operations")
@APIResponse(
        responseCode = "default",
        description = "Refused or failed: the code says why",
        content = @Content(schema = @Schema(implementation = ApiError.class)))
@Tag(name = "operations")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public interface OperationsApi {

    /**
     * All runs that are remembered, the latest first: the newest 20 of each kind that are over, and
     * all that are not.
     *
     * @param kind those of one kind alone, unless absent
     */
    @GET
    @Operation(summary = "List runs of maintenance, the latest first")
    List<OperationStatus> list(
            @Parameter(schema = @Schema(enumeration = {"rebalance", "repair", "scrub", "gc"}))
                    @QueryParam("kind")
                    @Nullable String kind);

    /** Asks for a run. It is taken up by a node or a job. */
    @POST
    @Operation(summary = "Ask for a run; asking again under the same id starts nothing")
    OperationStatus start(@Nullable OperationRequest request);

    @GET
    @Path("/{id}")
    @Operation(summary = "One run and its progress")
    OperationStatus get(@PathParam("id") String id);

    /** Asks for a run to end soon, wherever it runs. One that is over stays as it is. */
    @POST
    @Path("/{id}/cancel")
    @Operation(summary = "Ask for a run to end soon, wherever it runs")
    OperationStatus cancel(@PathParam("id") String id);
}
