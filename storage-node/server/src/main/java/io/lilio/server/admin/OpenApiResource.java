package io.lilio.server.admin;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The description of the API, as the build wrote it down once ({@code openapi.json}). */
@Singleton
@RunOnVirtualThread
@Path("/openapi")
public final class OpenApiResource {

    private static final String FILE = "/openapi.json";

    /** OpenAPI 3.1. */
    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public String document() {
        try (InputStream file = OpenApiResource.class.getResourceAsStream(FILE)) {
            if (file == null) {
                throw new IllegalStateException("the server was built without " + FILE);
            }
            return new String(file.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
