package io.lilio.server.s3.error;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.ObjectStoreException;
import io.lilio.ObjectStoreException.Kind;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class S3ErrorTest {

    @Test
    void everyCodeIsThereOnceWithAStatusAndASentence() {
        assertThat(Arrays.stream(S3Error.values()).map(S3Error::code)).doesNotHaveDuplicates();
        for (S3Error error : S3Error.values()) {
            assertThat(error.status()).as(error.code()).isBetween(300, 599);
            assertThat(error.message()).as(error.code()).endsWith(".");
        }
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void everyKindOfEngineFailureHasAnS3Error(Kind kind) {
        S3Exception translated =
                EngineErrors.translate(new ObjectStoreException(kind, "the sentence"));
        assertThat(translated.error()).isEqualTo(EngineErrors.of(kind));
        assertThat(translated.message())
                .isEqualTo(
                        kind == Kind.INTERNAL ? S3Error.INTERNAL_ERROR.message() : "the sentence");
    }
}
