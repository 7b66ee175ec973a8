/**
 * The admin API of a storage node as Java: JAX-RS interfaces that say what can be asked, records
 * that say what is answered. Fields are added, never given another meaning.
 */
@OpenAPIDefinition(
        info =
                @Info(
                        title = "Lilio admin API",
                        version = "1",
                        license = @License(name = "Apache-2.0")),
        security = @SecurityRequirement(name = "signature"),
        components =
                @Components(
                        securitySchemes =
                                @SecurityScheme(
                                        securitySchemeName = "signature",
                                        type = SecuritySchemeType.APIKEY,
                                        in = SecuritySchemeIn.HEADER,
                                        apiKeyName = "Authorization",
                                        description =
                                                "AWS Signature Version 4, for the server's region and"
                                                        + " the service lilio or s3; covers the body")))
@NullMarked
package io.lilio.admin.api;

import org.eclipse.microprofile.openapi.annotations.Components;
import org.eclipse.microprofile.openapi.annotations.OpenAPIDefinition;
import org.eclipse.microprofile.openapi.annotations.enums.SecuritySchemeIn;
import org.eclipse.microprofile.openapi.annotations.enums.SecuritySchemeType;
import org.eclipse.microprofile.openapi.annotations.info.Info;
import org.eclipse.microprofile.openapi.annotations.info.License;
import org.eclipse.microprofile.openapi.annotations.security.SecurityRequirement;
import org.eclipse.microprofile.openapi.annotations.security.SecurityScheme;
import org.jspecify.annotations.NullMarked;
