package io.lilio.operator.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.type.LogicalType;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import feign.Response;
import feign.codec.Decoder;
import feign.codec.Encoder;
import feign.codec.ErrorDecoder;
import feign.jackson.JacksonDecoder;
import feign.jackson.JacksonEncoder;
import io.lilio.admin.api.ApiError;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Type;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The documents of the admin API. Fields that are not known are passed over, since a neighbouring
 * release may know more; one that its record needs has to be there. In requests what is absent is
 * left out, since a neighbouring release refuses what it does not know. Thread-safe.
 */
final class AdminJson {

    private static final ObjectMapper MAPPER =
            JsonMapper.builder()
                    .addModule(new JavaTimeModule())
                    .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                    .disable(
                            DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                            DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                    .enable(
                            DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
                            DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                    .withCoercionConfig(
                            LogicalType.OtherScalar,
                            scalars ->
                                    scalars.setCoercion(
                                            CoercionInputShape.EmptyString, CoercionAction.Fail))
                    .defaultPropertyInclusion(
                            JsonInclude.Value.construct(
                                    JsonInclude.Include.NON_NULL, JsonInclude.Include.NON_NULL))
                    .build();

    private static final Decoder JSON = new JacksonDecoder(MAPPER);

    private AdminJson() {}

    /** Writes bodies; none for none. */
    static Encoder encoder() {
        Encoder json = new JacksonEncoder(MAPPER);
        return (document, type, template) -> {
            if (document != null) {
                json.encode(document, type, template);
            }
        };
    }

    /** Reads answers; throws {@link NodeFailedException} when that cannot be. */
    static Decoder decoder() {
        return AdminJson::read;
    }

    private static Object read(Response response, Type type) {
        Object document = parse(response, type);
        if (document == null) {
            throw NodeFailedException.asked(
                    "answered " + response.status() + " without a document", null);
        }
        RequiredFields.missing(document)
                .ifPresent(
                        path -> {
                            throw NodeFailedException.asked("gave an answer without " + path, null);
                        });
        return document;
    }

    private static @Nullable Object parse(Response response, Type type) {
        try {
            return JSON.decode(response, type);
        } catch (IOException | RuntimeException nonsense) {
            throw NodeFailedException.asked(
                    "gave an answer that is not understood" + place(nonsense), nonsense);
        }
    }

    /** Where it is, and not what is there, which might be a secret. */
    private static String place(Exception nonsense) {
        if (nonsense instanceof JsonMappingException mapping && !mapping.getPath().isEmpty()) {
            StringBuilder path = new StringBuilder(" at ");
            for (JsonMappingException.Reference step : mapping.getPath()) {
                path.append(
                        step.getFieldName() == null
                                ? "[" + step.getIndex() + "]"
                                : "." + step.getFieldName());
            }
            return path.toString();
        }
        return "";
    }

    /** What is no success: refusals, and what another node may do better. */
    static ErrorDecoder errors() {
        return (call, response) -> {
            Optional<ApiError> error = error(response);
            if (error.isPresent() && response.status() >= 400 && response.status() < 500) {
                return new AdminApiException(response.status(), error.get());
            }
            return NodeFailedException.asked(
                    "answered "
                            + response.status()
                            + error.map(told -> " " + told.code() + ": " + told.message())
                                    .orElse(""),
                    null);
        };
    }

    /** Feign's decoder would say nothing of a 404, whatever is in it. */
    private static Optional<ApiError> error(Response response) {
        if (response.body() == null) {
            return Optional.empty();
        }
        try (InputStream body = response.body().asInputStream()) {
            return Optional.ofNullable(MAPPER.readValue(body, ApiError.class))
                    .filter(error -> error.code() != null && error.message() != null);
        } catch (IOException | RuntimeException noError) {
            return Optional.empty();
        }
    }
}
