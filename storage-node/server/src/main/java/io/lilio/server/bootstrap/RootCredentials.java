package io.lilio.server.bootstrap;

import io.lilio.server.bootstrap.config.InvalidSettingException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * The root access key: given by the operator, or generated once into a file of the data directory
 * that only its owner can read. The file has the form of the AWS tools' shared credentials file, so
 * that {@code AWS_SHARED_CREDENTIALS_FILE} can name it.
 *
 * @param file where the key lies; empty when it was given
 */
record RootCredentials(String accessKey, String secretKey, Optional<Path> file) {

    static final String FILE_NAME = "credentials";

    private static final String LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private static final String SECRET_LETTERS =
            "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

    /**
     * Reads the file, or writes it first.
     *
     * @param random unpredictable
     */
    static RootCredentials inDirectory(Path directory, RandomGenerator random) throws IOException {
        Path file = directory.resolve(FILE_NAME);
        if (!Files.exists(file)) {
            generate(file, random);
        }
        String accessKey = "";
        String secretKey = "";
        for (String line : Files.readAllLines(file)) {
            int equals = line.indexOf('=');
            if (equals > 0) {
                String value = line.substring(equals + 1).strip();
                switch (line.substring(0, equals).strip()) {
                    case "aws_access_key_id" -> accessKey = value;
                    case "aws_secret_access_key" -> secretKey = value;
                    default -> {
                        // Somebody's own addition.
                    }
                }
            }
        }
        if (accessKey.isEmpty() || secretKey.isEmpty()) {
            throw new InvalidSettingException(
                    file
                            + " lacks aws_access_key_id or aws_secret_access_key; restore it, or"
                            + " remove it to have a new key generated.");
        }
        return new RootCredentials(accessKey, secretKey, Optional.of(file));
    }

    /** Written aside, made durable and renamed: there is a whole file or none. */
    private static void generate(Path file, RandomGenerator random) throws IOException {
        String text =
                "# The root access key of this Lilio, generated at its first start.\n"
                        + "[default]\naws_access_key_id = LILIO"
                        + letters(LETTERS, 15, random)
                        + "\naws_secret_access_key = "
                        + letters(SECRET_LETTERS, 40, random)
                        + "\n";
        Path draft = file.resolveSibling(FILE_NAME + ".new");
        Files.deleteIfExists(draft);
        try (FileChannel channel =
                FileChannel.open(
                        draft,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")))) {
            channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
            channel.force(true);
        }
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
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
