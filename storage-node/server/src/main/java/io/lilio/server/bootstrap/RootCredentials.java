package io.lilio.server.bootstrap;

import io.lilio.server.bootstrap.config.InvalidSettingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * The root access key: given by the operator, or generated once into a file of the data directory
 * that only its owner can read. The file has the form of the AWS tools' shared credentials file, so
 * that {@code AWS_SHARED_CREDENTIALS_FILE} can name it.
 *
 * @param origin where the key is from, and so where its user finds it
 */
record RootCredentials(String accessKey, String secretKey, Origin origin) {

    static final String SECRET_VARIABLE = "LILIO_ROOT_SECRET_KEY";
    static final String FILE_NAME = "credentials";

    private static final String KEY_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final String SECRET_LETTERS =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /** Where a root key is from. */
    sealed interface Origin {}

    /** Generated, into this file. */
    record Generated(Path file) implements Origin {}

    /** Given by the operator. */
    enum Given implements Origin {
        /** The secret is in the variable {@link #SECRET_VARIABLE}. */
        IN_ENVIRONMENT,
        /** In a file, or in another way that a shell knows nothing of. */
        IN_CONFIGURATION
    }

    /**
     * A key that the operator gave.
     *
     * @param environment of this process
     */
    static RootCredentials given(
            String accessKey, String secretKey, Map<String, String> environment) {
        return new RootCredentials(
                accessKey,
                secretKey,
                secretKey.equals(environment.get(SECRET_VARIABLE))
                        ? Given.IN_ENVIRONMENT
                        : Given.IN_CONFIGURATION);
    }

    /**
     * Reads the file of a data directory, or writes it first.
     *
     * @param random unpredictable
     */
    static RootCredentials inDirectory(Path directory, RandomGenerator random) throws IOException {
        Path file = directory.resolve(FILE_NAME);
        if (!Files.exists(file)) {
            PrivateFile.create(file, generate(random));
        }
        String accessKey = "";
        String secretKey = "";
        for (String line : Files.readAllLines(file)) {
            int equals = line.indexOf('=');
            if (equals < 0) {
                continue;
            }
            String name = line.substring(0, equals).strip();
            String value = line.substring(equals + 1).strip();
            if (name.equals("aws_access_key_id")) {
                accessKey = value;
            } else if (name.equals("aws_secret_access_key")) {
                secretKey = value;
            }
        }
        if (accessKey.isEmpty() || secretKey.isEmpty()) {
            throw new InvalidSettingException(
                    file
                            + " lacks aws_access_key_id or aws_secret_access_key: restore it, or"
                            + " remove it to have a new key generated.");
        }
        return new RootCredentials(accessKey, secretKey, new Generated(file));
    }

    private static String generate(RandomGenerator random) {
        return """
        # The root access key of this Lilio, generated at its first start.
        [default]
        aws_access_key_id = LILIO%s
        aws_secret_access_key = %s
        """
                .formatted(letters(KEY_LETTERS, 15, random), letters(SECRET_LETTERS, 40, random));
    }

    private static String letters(String alphabet, int count, RandomGenerator random) {
        StringBuilder letters = new StringBuilder(count);
        for (int i = 0; i < count; i++) {
            letters.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return letters.toString();
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "RootCredentials[" + accessKey + "]";
    }
}
