package io.lilio.server.bootstrap;

import io.lilio.server.bootstrap.RootCredentials.Generated;
import io.lilio.server.bootstrap.RootCredentials.Given;
import java.nio.file.Path;
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

        %s
          export AWS_ENDPOINT_URL_S3=%s AWS_REGION=%s %s
          aws s3 mb s3://photos
          aws s3 cp README.md s3://photos/
          aws s3 ls s3://photos
        """
                .formatted(
                        endpoint,
                        region,
                        whereCredentialsAre(root),
                        invitation(root),
                        endpoint,
                        region,
                        environment(root));
    }

    private static String whereCredentialsAre(RootCredentials root) {
        return switch (root.origin()) {
            case Generated(Path file) -> "in " + file;
            case Given given -> "as given (access key " + root.accessKey() + ")";
        };
    }

    private static String invitation(RootCredentials root) {
        return root.origin() == Given.IN_CONFIGURATION
                ? "Set AWS_SECRET_ACCESS_KEY to what lilio.root.secret-key is, and try:"
                : "Try:";
    }

    /** What the commands need of the root key, the secret itself excepted. */
    private static String environment(RootCredentials root) {
        String accessKey = "AWS_ACCESS_KEY_ID=" + word(root.accessKey());
        return switch (root.origin()) {
            case Generated(Path file) -> "AWS_SHARED_CREDENTIALS_FILE=" + word(file.toString());
            case Given.IN_ENVIRONMENT ->
                    accessKey
                            + " AWS_SECRET_ACCESS_KEY=\"$"
                            + RootCredentials.SECRET_VARIABLE
                            + '"';
            case Given.IN_CONFIGURATION -> accessKey + " AWS_SECRET_ACCESS_KEY";
        };
    }

    /** As one word of a shell. */
    private static String word(String text) {
        return PLAIN.matcher(text).matches() ? text : "'" + text.replace("'", "'\\''") + "'";
    }
}
