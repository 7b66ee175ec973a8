package io.lilio.admin.api;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
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

/** Buckets and how much they hold; they are made and removed by S3. Blocking. */
@Path("/v1/buckets")
@APIResponse(
        responseCode = "default",
        description = "Refused or failed: the code says why",
        content = @Content(schema = @Schema(implementation = ApiError.class)))
@Tag(name = "buckets")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public interface BucketsApi {

    /**
     * A page of buckets in order of their names.
     *
     * @param after the name that the page begins behind
     * @param limit 1 to 1,000; 100 when absent
     */
    @GET
    @Operation(summary = "List buckets and how much each holds")
    BucketPage list(
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

    /** One bucket; {@code NoSuchBucket} when there is none of that name. */
    @GET
    @Path("/{name}")
    @Operation(summary = "One bucket and how much it holds")
    BucketStatus get(@PathParam("name") String name);
}
