package io.lilio.admin.api;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/**
 * The ring and what it can be asked for. A command is refused with 409 when the ring is not as
 * expected, 404 when it does not know a member, 422 when it would do harm. Blocking.
 */
@Path("/v1/ring")
@APIResponse(
        responseCode = "default",
        description = "Refused or failed: the code says why",
        content = @Content(schema = @Schema(implementation = ApiError.class)))
@Tag(name = "ring")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public interface RingApi {

    /** The ring as the metadata hold it now. */
    @GET
    @Operation(summary = "The ring: members, partitions, the change under way")
    RingStatus ring();

    /** Members that announced themselves take their share. */
    @POST
    @Path("/admit")
    @Operation(summary = "Members that announced themselves take their share")
    RingChangeStatus admit(@Nullable RingCommand command);

    /** Members give away what they hold, and are removed when they hold nothing. */
    @POST
    @Path("/drain")
    @Operation(summary = "Members give away what they hold, and are removed when they hold nothing")
    RingChangeStatus drain(@Nullable RingCommand command);

    /** Go back to the members before the change under way. */
    @POST
    @Path("/cancel")
    @Operation(summary = "Go back to the members before the change under way")
    RingChangeStatus cancel(@Nullable RingCommand command);

    /**
     * Members are gone for good: others take over what they held. {@code DataLoss} where no copy of
     * something may remain and that is not accepted; the message names some of it, {@link #losses}
     * all.
     */
    @POST
    @Path("/mark-lost")
    @Operation(summary = "Members are gone for good: others take over what they held")
    RingChangeStatus markLost(@Nullable RingCommand command);

    /**
     * A page of what may be lost if members were. Changes nothing.
     *
     * @param members ids of 1 to 100 members; those that are lost already are taken as they are
     * @param after where the page before ended
     * @param limit 1 to 1,000; 100 when absent
     */
    @GET
    @Path("/losses")
    @Operation(summary = "List objects of which no copy may remain if members were lost")
    LossPage losses(
            @Parameter(required = true, schema = @Schema(minItems = 1, maxItems = 100))
                    @QueryParam("member")
                    @Nullable List<String> members,
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

    /** One member takes over from another. */
    @POST
    @Path("/replace")
    @Operation(summary = "One member takes over from another")
    RingChangeStatus replace(@Nullable RingCommand command);

    /** A member gets another share. */
    @POST
    @Path("/reweigh")
    @Operation(summary = "A member gets another share")
    RingChangeStatus reweigh(@Nullable RingCommand command);

    /** Members are on other machines, or in other zones, than the ring knows. */
    @POST
    @Path("/relocate")
    @Operation(summary = "Members are on other machines, or in other zones, than the ring knows")
    RingChangeStatus relocate(@Nullable RingCommand command);

    /** Members that were lost and came back are taken in again. */
    @POST
    @Path("/readmit")
    @Operation(summary = "Members that were lost and came back are taken in again")
    RingChangeStatus readmit(@Nullable RingCommand command);

    /** Members that hold nothing that is needed become tombstones. */
    @POST
    @Path("/remove")
    @Operation(summary = "Members that hold nothing that is needed become tombstones")
    RingChangeStatus remove(@Nullable RingCommand command);
}
