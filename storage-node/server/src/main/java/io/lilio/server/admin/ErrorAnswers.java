package io.lilio.server.admin;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.exc.InvalidDefinitionException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import io.lilio.ObjectStoreException;
import io.lilio.catalog.ring.RingCommandRefused;
import io.lilio.maintenance.run.TooManyRunsException;
import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.server.admin.gate.AdminError;
import io.lilio.server.admin.gate.AdminException;
import jakarta.inject.Singleton;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whatever goes wrong in a resource, as JSON with a stable code. Thread-safe. */
@Singleton
final class ErrorAnswers {

    private static final Logger log = LoggerFactory.getLogger(ErrorAnswers.class);

    /** As STALE_EPOCH is called StaleEpoch. */
    private static final Map<RingCommandRefused.Reason, String> CODES =
            Arrays.stream(RingCommandRefused.Reason.values())
                    .collect(Collectors.toMap(reason -> reason, ErrorAnswers::code));

    private final CurrentCall call;

    ErrorAnswers(CurrentCall call) {
        this.call = call;
    }

    private static String code(RingCommandRefused.Reason reason) {
        return Arrays.stream(reason.name().split("_"))
                .map(word -> word.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT))
                .collect(Collectors.joining());
    }

    @ServerExceptionMapper
    Response refused(AdminException refused) {
        return Response.status(refused.status())
                .type(MediaType.APPLICATION_JSON_TYPE)
                .entity(refused.answer(call.id()))
                .build();
    }

    @ServerExceptionMapper
    Response unreadable(JacksonException malformed) {
        return refused(JsonMistake.of(malformed));
    }

    @ServerExceptionMapper({MismatchedInputException.class, InvalidDefinitionException.class})
    Response mismatched(Throwable malformed) {
        return refused(JsonMistake.of((JacksonException) malformed));
    }

    /** What the framework refuses: paths, methods, media types. */
    @ServerExceptionMapper
    Response framework(WebApplicationException refused) {
        if (refused.getCause() instanceof JacksonException malformed) {
            return unreadable(malformed);
        }
        int status = refused.getResponse().getStatus();
        for (AdminError error : AdminError.values()) {
            if (error.status() == status && status < 500) {
                return refused(new AdminException(error, sentence(error)));
            }
        }
        return failed(refused);
    }

    private static String sentence(AdminError error) {
        return switch (error) {
            case NOT_FOUND -> "There is nothing at this path.";
            case METHOD_NOT_ALLOWED -> "This path does not take this method.";
            case NOT_ACCEPTABLE -> "The answer is application/json, which Accept does not allow.";
            case UNSUPPORTED_MEDIA_TYPE ->
                    "The body has to be application/json: say so in Content-Type.";
            default -> "The request could not be understood.";
        };
    }

    @ServerExceptionMapper
    Response noMetadata(MetadataUnavailableException unavailable) {
        return refused(
                new AdminException(
                        AdminError.UNAVAILABLE,
                        "The metadata do not answer: " + unavailable.getMessage() + "."));
    }

    @ServerExceptionMapper
    Response ring(RingCommandRefused refused) {
        AdminError like =
                switch (refused.reason()) {
                    case UNKNOWN_MEMBER -> AdminError.NOT_FOUND;
                    case STALE_EPOCH, WRONG_STATE, OPERATION_RUNNING, OPERATION_ID_REUSED ->
                            AdminError.CONFLICT;
                    case TOO_FEW_SLOTS, OVER_CAPACITY, CAPACITY_UNKNOWN, DATA_LOSS ->
                            AdminError.REFUSED;
                    case UNREACHABLE -> AdminError.UNAVAILABLE;
                    case BAD_ARGUMENT -> AdminError.INVALID_FIELD;
                };
        return refused(
                AdminException.coded(
                        like,
                        Objects.requireNonNull(CODES.get(refused.reason())),
                        Fields.sentence(String.valueOf(refused.getMessage()))));
    }

    @ServerExceptionMapper
    Response tooMany(TooManyRunsException waiting) {
        return refused(
                new AdminException(
                        AdminError.CONFLICT,
                        Fields.sentence(String.valueOf(waiting.getMessage()))));
    }

    @ServerExceptionMapper
    Response store(ObjectStoreException failed) {
        return switch (failed.kind()) {
            case UNAVAILABLE, UNKNOWN_OUTCOME, CONFLICT ->
                    refused(
                            new AdminException(
                                    AdminError.UNAVAILABLE, String.valueOf(failed.getMessage())));
            case SLOW_DOWN -> refused(new AdminException(AdminError.SLOW_DOWN, sentence(failed)));
            case STORAGE_FULL ->
                    refused(new AdminException(AdminError.UNAVAILABLE, sentence(failed)));
            case NO_SUCH_BUCKET -> coded(AdminError.NOT_FOUND, "NoSuchBucket", failed);
            case BUCKET_ALREADY_EXISTS -> coded(AdminError.CONFLICT, "BucketExists", failed);
            case BUCKET_OWNED_BY_ANOTHER ->
                    coded(AdminError.CONFLICT, "BucketOwnedByAnother", failed);
            case BUCKET_NOT_EMPTY -> coded(AdminError.CONFLICT, "BucketNotEmpty", failed);
            default -> failed(failed);
        };
    }

    private Response coded(AdminError like, String code, ObjectStoreException failed) {
        return refused(AdminException.coded(like, code, sentence(failed)));
    }

    private static String sentence(ObjectStoreException failed) {
        return Fields.sentence(String.valueOf(failed.getMessage()));
    }

    @ServerExceptionMapper
    Response failed(Throwable failed) {
        log.error("request {} failed", call.id(), failed);
        return refused(
                new AdminException(
                        AdminError.INTERNAL,
                        "An internal error occurred; the server's log tells about it under the"
                                + " request's id."));
    }
}
