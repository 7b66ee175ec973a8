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

/**
 * Buckets and how much they hold. S3 clients make and remove them; so does this, for owners that it
 * remembers, and those are removed by their owner alone. Blocking.
 */
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

    /**
     * Makes a bucket that belongs to somebody. The same owner asking again is answered how it is,
     * and nothing changes. {@code BucketExists} when it is there and belongs to nobody, and is not
     * to be adopted; {@code BucketOwnedByAnother}.
     */
    @POST
    @Operation(summary = "Make a bucket for an owner, or find that it is the owner's already")
    BucketStatus create(@Nullable BucketRequest request);

    /** Enables or suspends versioning; {@code BucketOwnedByAnother}, {@code NoSuchBucket}. */
    @POST
    @Path("/{name}/versioning")
    @Operation(summary = "Enable or suspend versioning of an owner's bucket")
    BucketStatus setVersioning(
            @PathParam("name") String name, @Nullable BucketVersioning versioning);

    /**
     * Gives a bucket up: it stays as it is, and belongs to nobody. Once more is no error. {@code
     * BucketOwnedByAnother}, {@code NoSuchBucket}.
     */
    @POST
    @Path("/{name}/release")
    @Operation(summary = "Give an owner's bucket up, and keep it")
    BucketStatus release(@PathParam("name") String name, @Nullable BucketRelease release);

    /**
     * Removes a bucket. With its contents that may take several calls: see whether it is gone.
     * {@code NoSuchBucket} when there is none (any more); {@code BucketOwnedByAnother}; {@code
     * BucketNotEmpty}.
     *
     * @param owner whom it belongs to
     * @param contents {@code refuse} when it holds anything, {@code delete} all that it holds;
     *     {@code refuse} when absent
     */
    @DELETE
    @Path("/{name}")
    @Operation(summary = "Remove an owner's bucket, or go on with that")
    BucketRemoval delete(
            @PathParam("name") String name,
            @Parameter(required = true, schema = @Schema(minLength = 1, maxLength = 253))
                    @QueryParam("owner")
                    @Nullable String owner,
            @Parameter(
                            schema =
                                    @Schema(
                                            type = SchemaType.STRING,
                                            enumeration = {"refuse", "delete"},
                                            defaultValue = "refuse"))
                    @QueryParam("contents")
                    @Nullable String contents);
}
