package io.lilio.faults;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Ports of loopback for processes that a test starts, ends and starts again. They are from below
 * the range that the system gives to outgoing connections: none is taken while its process is away.
 * Thread-safe.
 */
public final class LoopbackPorts {

    private static final int FIRST = 12_000;
    private static final int LAST = 32_000;

    /** Nobody gets one that another got before and may not have opened yet. */
    private static final Set<Integer> given = ConcurrentHashMap.newKeySet();

    private LoopbackPorts() {}

    /** One that nobody has now, and that was not given before by this process. */
    public static int next() {
        while (true) {
            int port = ThreadLocalRandom.current().nextInt(FIRST, LAST);
            if (isFree(port) && given.add(port)) {
                return port;
            }
        }
    }

    private static boolean isFree(int port) {
        try (ServerSocket _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return true;
        } catch (BindException e) {
            return false;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
