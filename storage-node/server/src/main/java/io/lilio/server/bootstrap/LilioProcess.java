package io.lilio.server.bootstrap;

import io.lilio.ObjectStoreException;
import io.lilio.chunk.ChunkStoreException;
import io.lilio.files.DurableDirectories;
import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.metadata.etcd.EtcdSettings;
import io.lilio.server.admin.AdminState;
import io.lilio.server.bootstrap.config.InvalidSettingException;
import io.lilio.server.bootstrap.config.LilioConfig;
import io.lilio.server.bootstrap.config.NodeSettings;
import io.lilio.server.bootstrap.config.NodeSettings.Metadata;
import io.lilio.server.bootstrap.config.SettingsReader;
import io.lilio.server.metrics.NodeMetrics;
import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Optional;
import javax.crypto.SecretKey;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The life of the process: start, serve until SIGTERM, drain, end. Health and metrics are served by
 * Quarkus from before the start until after the end.
 */
public class LilioProcess implements QuarkusApplication {

    private static final Logger LOG = LoggerFactory.getLogger("io.lilio.server");

    /** After the last request: flush, close databases and disks. */
    private static final Duration CLOSING = Duration.ofSeconds(20);

    private final LilioConfig config;
    private final NodeState state;
    private final NodeMetrics metrics;
    private final OrderlyEnd end;
    private final AdminState admin;

    LilioProcess(
            LilioConfig config,
            NodeState state,
            NodeMetrics metrics,
            OrderlyEnd end,
            AdminState admin) {
        this.config = config;
        this.state = state;
        this.metrics = metrics;
        this.end = end;
        this.admin = admin;
    }

    @Override
    public int run(String... arguments) {
        NodeSettings settings = SettingsReader.read(config);
        end.begun(settings.shutdown().delay().plus(settings.shutdown().timeout()).plus(CLOSING));
        // It may wait for etcd, for the other founders or for its predecessor.
        end.beginStart();
        return refusing(
                end,
                () -> {
                    awaitEtcd(settings);
                    try (StorageNode node = open(settings, StorageNode.Duty.SERVE, metrics)) {
                        serve(settings, node);
                    }
                    return 0;
                });
    }

    private static void awaitEtcd(NodeSettings settings) {
        if (settings.storage().metadata() instanceof Metadata.Shared(EtcdSettings etcd)) {
            new EtcdAtStart(etcd).await();
        }
    }

    /** Opens a node in its data directory, which is made when it is not there. */
    static StorageNode open(NodeSettings settings, StorageNode.Duty duty, NodeMetrics metrics)
            throws IOException {
        makeDirectory(settings.dataDir());
        SecureRandom random = new SecureRandom();
        RootCredentials root = root(settings, random);
        SecretKey serverKey = ServerKey.inDirectory(settings.dataDir(), random);
        return new StorageNode(settings, duty, root, serverKey, metrics);
    }

    /** What a process does. */
    interface Work {
        /**
         * @return the exit code
         */
        int carryOut() throws IOException;
    }

    /** Has a process do its work, or say in a sentence why it cannot. */
    static int refusing(OrderlyEnd end, Work work) {
        try {
            return work.carryOut();
        } catch (InvalidSettingException invalid) {
            Main.refuse(invalid.sentence());
        } catch (IOException
                | ChunkStoreException
                | MetadataUnavailableException
                | ObjectStoreException
                | IllegalStateException failed) {
            LOG.debug("Where it came from", failed);
            Throwable cause = failed.getCause();
            Main.refuse(
                    failed.getMessage()
                            + (failed instanceof IOException && cause != null
                                    ? ": " + cause.getMessage()
                                    : "")
                            + ".");
        } finally {
            end.ended();
        }
        return 1;
    }

    private static void makeDirectory(Path directory) {
        try {
            DurableDirectories.create(directory);
            if (Files.isWritable(directory)) {
                return;
            }
        } catch (IOException cannot) {
            LOG.debug("The data directory cannot be made", cannot);
        }
        throw new InvalidSettingException(
                "lilio.data-dir is \""
                        + directory
                        + "\", but has to be a directory that can be written or made.");
    }

    private static RootCredentials root(NodeSettings settings, SecureRandom random)
            throws IOException {
        Optional<String> accessKey = settings.edge().rootAccessKey();
        Optional<String> secretKey = settings.edge().rootSecretKey();
        return accessKey.isPresent() && secretKey.isPresent()
                ? RootCredentials.given(accessKey.get(), secretKey.get(), System.getenv())
                : RootCredentials.inDirectory(settings.dataDir(), random);
    }

    /** Until SIGTERM: then readiness is off at once, and the port follows when it may. */
    private void serve(NodeSettings settings, StorageNode node) {
        if (end.endStart()) { // and it met no wait that it would have broken off
            LOG.info("leaving: the end was asked for before the start was over");
            state.leaving();
            node.drain(settings.shutdown().timeout());
            return;
        }
        state.metadata(node::etcd);
        state.serving(node.backends().list(), node.backendCalls(), node.brake()::engagement);
        admin.open(node.forAdmin(), node.administrators());
        System.out.println(
                Welcome.text(
                        settings.edge().http().host(),
                        node.port(),
                        settings.edge().region(),
                        node.root()));
        Quarkus.waitForExit();
        state.leaving();
        node.leave();
        LOG.info("leaving: requests under way have {} to finish", settings.shutdown().timeout());
        try {
            Thread.sleep(settings.shutdown().delay());
        } catch (InterruptedException hurried) {
            Thread.currentThread().interrupt();
        }
        admin.close();
        node.drain(settings.shutdown().timeout());
    }
}
