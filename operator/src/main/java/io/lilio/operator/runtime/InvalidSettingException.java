package io.lilio.operator.runtime;

/** A setting is not what it has to be; the message is a sentence for people. */
final class InvalidSettingException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    InvalidSettingException(String sentence) {
        super(sentence);
    }
}
