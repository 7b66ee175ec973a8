package io.lilio.server.bootstrap;

import io.lilio.server.bootstrap.config.InvalidSettingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/** The key under which secrets are sealed in the metadata: 32 bytes in hex in a private file. */
final class ServerKey {

    private static final String FILE_NAME = "server-key";
    private static final int BYTES = 32;

    private ServerKey() {}

    /** Reads the file of a data directory, or writes it first. */
    static SecretKey inDirectory(Path directory, RandomGenerator random) throws IOException {
        Path file = directory.resolve(FILE_NAME);
        if (!Files.exists(file)) {
            byte[] fresh = new byte[BYTES];
            random.nextBytes(fresh);
            PrivateFile.create(file, HexFormat.of().formatHex(fresh) + "\n");
        }
        try {
            byte[] key = HexFormat.of().parseHex(Files.readString(file).strip());
            if (key.length == BYTES) {
                return new SecretKeySpec(key, "AES");
            }
        } catch (IllegalArgumentException notHex) {
            // Told below.
        }
        throw new InvalidSettingException(
                file + " does not hold a key of " + BYTES + " bytes in hex: restore it.");
    }
}
