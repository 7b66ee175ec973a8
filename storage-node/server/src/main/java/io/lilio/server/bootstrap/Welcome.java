package io.lilio.server.bootstrap;

import java.nio.file.Path;
import java.util.Optional;
import java.util.regex.Pattern;

/** What is printed when the server is ready: where it is, who may use it, what to try. */
final class Welcome {

    /** What no shell reads anything into. */
    private static final Pattern PLAIN = Pattern.compile("[\\w/.,:@%+-]+");

    private Welcome() {}

    static String text(String host, int port, String region, RootCredentials root) {
        String shown = host.equals("0.0.0.0") || host.equals("::") ? "localhost" : host;
        String endpoint =
                "http://" + (shown.contains(":") ? "[" + shown + "]" : shown) + ":" + port;
        return """

        Lilio is ready.
          S3 endpoint   %s   (region %s)
          credentials   %s

        Try:
          export AWS_ENDPOINT_URL_S3=%s AWS_REGION=%s%s
          aws s3 mb s3://photos
          aws s3 cp README.md s3://photos/
          aws s3 ls s3://photos
        """
                .formatted(
                        endpoint,
                        region,
                        root.file()
                                .map(file -> "in " + file)
                                .orElse("as given (access key " + root.accessKey() + ")"),
                        endpoint,
                        region,
                        environment(root.file()));
    }

    private static String environment(Optional<Path> file) {
        return file.map(path -> " AWS_SHARED_CREDENTIALS_FILE=" + word(path.toString())).orElse("");
    }

    /** As one word of a shell. */
    private static String word(String text) {
        return PLAIN.matcher(text).matches() ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
