package io.lilio.admin.api;

import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** The ring. Blocking. */
@Path("/v1/ring")
@Tag(name = "ring")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public interface RingApi {

    /** The ring as the metadata hold it now. */
    @GET
    @Operation(summary = "The ring: members, partitions, the change under way")
    RingStatus ring();
}
