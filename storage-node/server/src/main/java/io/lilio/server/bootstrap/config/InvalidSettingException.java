package io.lilio.server.bootstrap.config;

/** The server cannot start as it is configured; the message is one sentence for its operator. */
public final class InvalidSettingException extends RuntimeException {

    public InvalidSettingException(String sentence) {
        super(sentence, null, false, false);
    }

    static InvalidSettingException of(String key, String value, String allowed) {
        return new InvalidSettingException(
                key + " is \"" + value + "\", but has to be " + allowed + ".");
    }

    /** The sentence; never null here, unlike {@link #getMessage}. */
    public String sentence() {
        return String.valueOf(getMessage());
    }
}
