package io.lilio.server.rpc;

import io.lilio.chunk.buffer.BufferPool;
import io.lilio.server.rpc.RpcListener.Breach;
import io.lilio.server.rpc.RpcListener.Side;
import io.lilio.time.Sparingly;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets other nodes call this node's members: each connection has a virtual thread, which serves its
 * calls one after another. Connections, calls at once and memory for payloads are bounded.
 */
public final class RpcServer implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(RpcServer.class);
    private static final Duration TELL = Duration.ofSeconds(10);
    private static final Duration AFTER_FAILED_ACCEPT = Duration.ofMillis(100);
    private static final Duration DRAIN_STEP = Duration.ofMillis(20);

    /** How long who has not proved itself keeps its place when others wait; they dial longer. */
    private static final Duration TURN = Duration.ofSeconds(1);

    private static final int BACKLOG = 1024;

    private final ServerSocketChannel listening;
    private final RpcServerSettings settings;
    private final RpcRuntime runtime;
    private final ServedCalls calls;
    private final ServerHandshake handshake;
    private final Optional<TlsContext> tls;
    private final Overseer overseer;
    private final Sparingly telling;
    private final Thread accepting;
    private final Set<SocketChannel> open = ConcurrentHashMap.newKeySet();
    private final Strangers unproved;
    private final Set<ServedConnection> serving = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    private RpcServer(
            ServerSocketChannel listening,
            RpcServerSettings settings,
            RpcIdentity identity,
            LocalNode node,
            RpcRuntime runtime)
            throws IOException {
        this.listening = listening;
        this.settings = settings;
        this.runtime = runtime;
        this.calls = new ServedCalls(settings, node, runtime);
        this.handshake = new ServerHandshake(identity, runtime.random());
        this.tls =
                settings.tls().isEmpty()
                        ? Optional.empty()
                        : Optional.of(TlsContext.open(settings.tls().get(), runtime.time()));
        this.overseer = new Overseer(runtime.time(), () -> {});
        this.telling = new Sparingly(runtime.time(), TELL);
        this.unproved = new Strangers(settings.limits().unproved(), TURN, runtime.time());
        this.accepting = runtime.threads().newThread(this::accept);
    }

    /**
     * Begins to listen.
     *
     * @throws IOException when the port cannot be bound, or the files for TLS cannot be read
     */
    public static RpcServer start(
            RpcServerSettings settings, RpcIdentity identity, LocalNode node, RpcRuntime runtime)
            throws IOException {
        ServerSocketChannel listening = ServerSocketChannel.open();
        try {
            listening.setOption(StandardSocketOptions.SO_REUSEADDR, true);
            listening.bind(new InetSocketAddress(settings.host(), settings.port()), BACKLOG);
            var server = new RpcServer(listening, settings, identity, node, runtime);
            server.overseer.start();
            server.accepting.start();
            return server;
        } catch (IOException | RuntimeException failed) {
            listening.close();
            throw failed;
        }
    }

    /** Where it listens. */
    public int port() {
        return listening.socket().getLocalPort();
    }

    /** The memory for payloads, for metrics. */
    public BufferPool buffers() {
        return calls.buffers();
    }

    private void accept() {
        while (!closed) {
            try {
                take(listening.accept());
            } catch (ClosedChannelException e) {
                return;
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            } catch (IOException | RuntimeException | OutOfMemoryError e) {
                // Too many open files, most likely: those that are open end some time.
                log.warn("no connection of another node could be taken", e);
                if (!pause(AFTER_FAILED_ACCEPT)) {
                    return;
                }
            }
        }
    }

    /** While it waits for a place of its own, the next ones wait to be accepted. */
    private void take(SocketChannel channel) throws IOException, InterruptedException {
        boolean taken = false;
        try {
            Optional<SocketChannel> loser = unproved.admit(channel);
            if (loser.isPresent()) {
                tellTooMany(
                        "{} connections have not proved who they are: the oldest is closed",
                        settings.limits().unproved());
                loser.get().close();
            }
            open.add(channel);
            runtime.threads().newThread(() -> run(channel)).start();
            taken = true;
        } finally {
            if (!taken) {
                unproved.leave(channel);
                open.remove(channel);
                channel.close();
            }
        }
    }

    private void tellTooMany(String sentence, int many) {
        runtime.listener().broken(Side.SERVER, Breach.TOO_MANY);
        if (telling.now()) {
            log.warn(sentence, many);
        }
    }

    private void run(SocketChannel channel) {
        runtime.listener().connections(Side.SERVER, 1);
        try (channel) {
            serve(channel);
        } catch (IOException | RuntimeException e) {
            log.debug("a connection ended", e);
        } finally {
            unproved.leave(channel);
            open.remove(channel);
            runtime.listener().connections(Side.SERVER, -1);
        }
    }

    private void serve(SocketChannel channel) throws IOException {
        var plain = new PlainWire(channel);
        var deadline = new Deadline(plain, runtime.time());
        deadline.in(settings.timeouts().handshake());
        overseer.watch(deadline);
        try {
            Wire wire = tls.isEmpty() ? plain : TlsWire.over(plain, tls.get().current(), false);
            var frames = new FrameConnection(wire, deadline);
            int version = handshake.with(frames);
            unproved.leave(channel);
            var connection = new ServedConnection(frames, version, calls);
            serving.add(connection);
            try {
                if (serving.size() > settings.limits().connections()) {
                    tellTooMany(
                            "{} connections of other nodes are open: one is closed",
                            serving.size());
                } else if (!closed) {
                    connection.serve();
                }
            } finally {
                serving.remove(connection);
            }
        } catch (IOException e) {
            tell(e, plain.remote(), deadline.isExpired());
        } finally {
            overseer.forget(deadline);
        }
    }

    private void tell(IOException e, String remote, boolean expired) {
        switch (e) {
            case RefusedException _ -> tell(Breach.REFUSED, remote, e);
            case javax.net.ssl.SSLException _ -> tell(Breach.REFUSED, remote, e);
            case FrameException _ -> tell(Breach.BAD_FRAME, remote, e);
            default -> {
                log.debug("the connection from {} ended", remote, e);
                if (expired) {
                    runtime.listener().broken(Side.SERVER, Breach.TIMEOUT);
                }
            }
        }
    }

    private void tell(Breach breach, String remote, IOException e) {
        runtime.listener().broken(Side.SERVER, breach);
        if (telling.now()) {
            log.warn("the connection from {} is closed: {}", remote, e.getMessage());
        }
    }

    /** Takes no more calls, waits a while for those under way, and closes all connections. */
    @Override
    public void close() throws IOException {
        closed = true;
        listening.close();
        unproved.close();
        awaitReleasedPort();
        long until = runtime.time().nanos() + settings.timeouts().drain().toNanos();
        closeIdle();
        while (!serving.isEmpty() && runtime.time().nanos() - until < 0 && pause(DRAIN_STEP)) {
            closeIdle();
        }
        overseer.close();
        for (SocketChannel channel : open) {
            channel.close();
        }
    }

    /** The system has the port back when nobody waits for connections any more. */
    private void awaitReleasedPort() {
        try {
            accepting.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void closeIdle() {
        for (ServedConnection connection : serving) {
            if (!connection.isBusy()) {
                connection.close();
            }
        }
    }

    private boolean pause(Duration duration) {
        try {
            runtime.time().sleep(duration);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }
}
