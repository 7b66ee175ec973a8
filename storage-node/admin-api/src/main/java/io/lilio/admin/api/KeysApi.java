package io.lilio.admin.api;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Access keys besides root's. Blocking. Changes hold on every node from the next request on. */
@Path("/v1/keys")
@APIResponse(
        responseCode = "default",
        description = "Refused or failed: the code says why",
        content = @Content(schema = @Schema(implementation = ApiError.class)))
@Tag(name = "keys")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public interface KeysApi {

    /**
     * A page of keys in order of their ids.
     *
     * @param after the id that the page begins behind
     * @param limit 1 to 1,000; 100 when absent
     */
    @GET
    @Operation(summary = "List access keys, without secrets")
    KeyPage list(
            @QueryParam("after") @Nullable String after,
            @Parameter(
                            schema =
                                    @Schema(
                                            type = SchemaType.INTEGER,
                                            minimum = "1",
                                            maximum = "1000",
                                            defaultValue = "100"))
                    @QueryParam("limit")
                    @Nullable String limit);

    /** Makes a key; its secret is in this answer and never again. */
    @POST
    @Operation(summary = "Make an access key; the secret is shown this once")
    NewKey create(@Nullable KeyRequest request);

    @GET
    @Path("/{id}")
    @Operation(summary = "One access key, without its secret")
    KeyStatus get(@PathParam("id") String id);

    @POST
    @Path("/{id}/disable")
    @Operation(summary = "Refuse requests signed with a key")
    KeyStatus disable(@PathParam("id") String id);

    @POST
    @Path("/{id}/enable")
    @Operation(summary = "Take requests signed with a key again")
    KeyStatus enable(@PathParam("id") String id);

    /** Gives a key another secret; it is in this answer and never again. */
    @POST
    @Path("/{id}/rotate")
    @Operation(summary = "Give a key another secret, shown this once")
    NewKey rotate(@PathParam("id") String id, @Nullable KeyRotation rotation);

    @DELETE
    @Path("/{id}")
    @Operation(summary = "Remove a key")
    void delete(@PathParam("id") String id);
}
