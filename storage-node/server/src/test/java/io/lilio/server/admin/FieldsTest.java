package io.lilio.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FieldsTest {

    @ParameterizedTest
    @CsvSource({
        "cat.jpg, cat.jpg",
        "'a b/ü', 'a b/ü'",
        "'one\ntwo\u0000', one\\u{a}two\\u{0}",
        "'\u202egpj.tac', \\u{202e}gpj.tac",
        "'\ud83d\ude00', '\ud83d\ude00'",
        "'\ud83d', \\u{d83d}",
        "12345678901234567890, 12345678901234567890",
        "123456789012345678901, 12345678901234567890...",
        "'1234567890123456789\ud83d\ude00', 1234567890123456789...",
        "'12345678901234567\n', 12345678901234567...",
    })
    void aNameIsOneShortVisibleLine(String text, String named) {
        assertThat(Fields.named(text, 20)).isEqualTo(named);
    }
}
