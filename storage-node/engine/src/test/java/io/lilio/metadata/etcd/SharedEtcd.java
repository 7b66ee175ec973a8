package io.lilio.metadata.etcd;

import io.lilio.metadata.MetadataStore;
import io.lilio.time.Time;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * One etcd for all test classes that leave it as it is: it starts with the first of them and ends
 * with the last. Each store has a prefix of its own.
 */
public final class SharedEtcd implements BeforeAllCallback {

    private static final AtomicInteger PREFIX = new AtomicInteger();

    private EtcdProcess etcd;

    @Override
    public void beforeAll(ExtensionContext context) {
        etcd =
                context.getRoot()
                        .getStore(ExtensionContext.Namespace.create(SharedEtcd.class))
                        .computeIfAbsent(Running.class)
                        .etcd;
    }

    /** An empty store. */
    public MetadataStore open(Time time) {
        return new EtcdMetadataStore(
                etcd.settings("/test" + PREFIX.incrementAndGet() + "/"),
                time,
                Thread.ofVirtual().factory());
    }

    EtcdProcess process() {
        return etcd;
    }

    /** Closed by JUnit when all tests have ended. */
    static final class Running implements AutoCloseable {

        private final Path directory;
        private final EtcdProcess etcd;

        Running() throws IOException, InterruptedException {
            directory = Files.createTempDirectory("etcd");
            etcd = EtcdProcess.start(directory);
        }

        @Override
        public void close() throws IOException {
            etcd.close();
            List<Path> files;
            try (Stream<Path> all = Files.walk(directory)) {
                files = all.sorted(Comparator.reverseOrder()).toList();
            }
            for (Path each : files) {
                Files.delete(each);
            }
        }
    }
}
