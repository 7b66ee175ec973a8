package io.lilio.server.bootstrap;

import io.lilio.server.bootstrap.config.InvalidSettingException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;

/**
 * Whether what Quarkus serves can be served where it is configured. Quarkus would say it too, in a
 * hundred lines.
 */
final class PortCheck {

    private PortCheck() {}

    /**
     * @param setting what its settings begin with, such as {@code lilio.management}
     * @throws InvalidSettingException with a sentence, when nothing can listen there
     */
    static void check(String setting, String host, String port) {
        int number = Integer.parseInt(port.strip());
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(host.strip(), number));
        } catch (IOException cannot) {
            throw new InvalidSettingException(
                    "%s.host and %s.port are \"%s\" and %d, where nothing can listen: %s."
                            .formatted(setting, setting, host, number, cannot.getMessage()));
        }
    }
}
