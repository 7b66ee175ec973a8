package io.lilio.server.admin;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.type.LogicalType;
import io.quarkus.jackson.ObjectMapperCustomizer;
import jakarta.inject.Singleton;
import java.util.List;

/**
 * JSON is read strictly: a field that nobody knows, one that is there twice, a number that is a
 * text, or more text behind the document, are mistakes that their sender wants to hear of.
 */
@Singleton
final class StrictJson implements ObjectMapperCustomizer {

    @Override
    public void customize(ObjectMapper mapper) {
        mapper.enable(
                DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
        mapper.disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT);
        mapper.disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS);
        mapper.getFactory().enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);
        mapper.setDefaultPropertyInclusion(JsonInclude.Include.NON_NULL);
        for (LogicalType type :
                List.of(
                        LogicalType.Textual,
                        LogicalType.Integer,
                        LogicalType.Boolean,
                        LogicalType.DateTime)) {
            var coercion = mapper.coercionConfigFor(type);
            for (CoercionInputShape shape :
                    List.of(
                            CoercionInputShape.String,
                            CoercionInputShape.EmptyString,
                            CoercionInputShape.Integer,
                            CoercionInputShape.Float,
                            CoercionInputShape.Boolean)) {
                if (!isOwn(type, shape)) {
                    coercion.setCoercion(shape, CoercionAction.Fail);
                }
            }
        }
    }

    private static boolean isOwn(LogicalType type, CoercionInputShape shape) {
        return switch (shape) {
            case String, EmptyString -> type == LogicalType.Textual || type == LogicalType.DateTime;
            case Integer -> type == LogicalType.Integer;
            case Boolean -> type == LogicalType.Boolean;
            default -> false;
        };
    }
}
