package io.lilio.server.bootstrap;

import io.lilio.server.bootstrap.config.InvalidSettingException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/**
 * Whether health and metrics can be served where they are configured. Quarkus would say it too, in
 * a hundred lines.
 */
final class ManagementPortCheck {

    private ManagementPortCheck() {}

    /**
     * @throws InvalidSettingException with a sentence, when nothing can listen there
     */
    static void check(String host, int port) {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(host, port));
        } catch (IOException cannot) {
            throw new InvalidSettingException(
                    "lilio.management.host and lilio.management.port are \"%s\" and %d, where nothing can listen: %s."
                            .formatted(host, port, cannot.getMessage()));
        }
    }
}
