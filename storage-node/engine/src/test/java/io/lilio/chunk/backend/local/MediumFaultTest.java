package io.lilio.chunk.backend.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MediumFaultTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/data/0000000001.seg: Too many open files",
                "Too many open files in system",
                "Cannot allocate memory",
                "Stale file handle"
            })
    void whatTheSystemIsShortOfSaysNothingAboutOneFile(String text) {
        assertThat(MediumFault.isOfNoFile(new IOException(text))).isTrue();
    }

    @Test
    void anUnreadableSectorIsOfOneFile() {
        assertThat(MediumFault.isOfNoFile(new IOException("Input/output error"))).isFalse();
    }
}
