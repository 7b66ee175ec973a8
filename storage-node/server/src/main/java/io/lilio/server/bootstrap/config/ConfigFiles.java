package io.lilio.server.bootstrap.config;

import io.smallrye.config.ConfigValidationException;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;

/**
 * Reads the configuration before anything of the server is started, so that a mistake in it costs
 * no more than a sentence.
 */
public final class ConfigFiles {

    /** Where SmallRye Config looks for the names of configuration files. */
    private static final String LOCATIONS = "smallrye.config.locations";

    private ConfigFiles() {}

    /**
     * Reads the file that {@code LILIO_CONFIG} (or {@code -Dlilio.config.locations}) names, and
     * environment and system properties, which outrank it. The file is made known to the rest of
     * the process too.
     */
    public static LilioConfig load() {
        String named = System.getProperty("lilio.config.locations", System.getenv("LILIO_CONFIG"));
        if (named != null && !named.isBlank()) {
            Path file = Path.of(named).toAbsolutePath();
            if (!Files.isReadable(file)) {
                throw InvalidSettingException.of(
                        "LILIO_CONFIG", named, "a YAML file that can be read");
            }
            System.setProperty(LOCATIONS, file.toUri().toString());
        }
        try {
            SmallRyeConfig config =
                    new SmallRyeConfigBuilder()
                            .addDefaultInterceptors()
                            .addDefaultSources()
                            .addDiscoveredSources()
                            .addDiscoveredConverters()
                            .withMapping(LilioConfig.class)
                            .withMappingIgnore("lilio.config.**")
                            .build();
            return config.getConfigMapping(LilioConfig.class);
        } catch (ConfigValidationException invalid) {
            throw new InvalidSettingException(
                    withoutCode(invalid.getProblem(0).getMessage()) + ".");
        } catch (RuntimeException broken) {
            Throwable cause = broken;
            while (cause.getCause() != null) {
                cause = cause.getCause();
            }
            throw new InvalidSettingException(
                    "The configuration"
                            + (named == null ? "" : " in " + named)
                            + " cannot be read: "
                            + String.valueOf(cause.getMessage())
                                    .lines()
                                    .map(String::strip)
                                    .limit(2)
                                    .collect(Collectors.joining(" "))
                            + ".");
        }
    }

    /** SmallRye puts a code such as SRCFG00014 in front of its sentences. */
    private static String withoutCode(String message) {
        String sentence =
                message.startsWith("SRCFG") && message.contains(": ")
                        ? message.substring(message.indexOf(": ") + 2)
                        : message;
        return sentence.replace("does not map to any root", "is not a setting of Lilio");
    }
}
