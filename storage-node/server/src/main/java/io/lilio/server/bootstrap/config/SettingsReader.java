package io.lilio.server.bootstrap.config;

import io.lilio.object.EtagMode;
import io.lilio.placement.Member;
import io.lilio.server.bootstrap.config.NodeSettings.Backend;
import io.lilio.server.bootstrap.config.NodeSettings.Edge;
import io.lilio.server.bootstrap.config.NodeSettings.Memory;
import io.lilio.server.bootstrap.config.NodeSettings.Metadata;
import io.lilio.server.bootstrap.config.NodeSettings.Objects;
import io.lilio.server.bootstrap.config.NodeSettings.Place;
import io.lilio.server.bootstrap.config.NodeSettings.Shutdown;
import io.lilio.server.bootstrap.config.NodeSettings.Storage;
import io.lilio.server.s3.http.HttpSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Turns the texts of {@link LilioConfig} into checked {@link NodeSettings}. */
public final class SettingsReader {

    private static final long K = 1L << 10;
    private static final long M = 1L << 20;
    private static final long G = 1L << 30;
    private static final Pattern NAME = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");

    static final String NAME_RULE = "1 to 63 small letters, digits and minus signs";

    private final LilioConfig config;

    private SettingsReader(LilioConfig config) {
        this.config = config;
    }

    /**
     * @throws InvalidSettingException for the first value that cannot be used
     */
    public static NodeSettings read(LilioConfig config) {
        return new SettingsReader(config).settings();
    }

    private NodeSettings settings() {
        Path dataDir = new SettingText("lilio.data-dir", config.dataDir()).path();
        checkWhatQuarkusReads();
        SettingText node = new SettingText("lilio.node-name", config.nodeName());
        if (!isName(node.text())) {
            throw node.refuse(NAME_RULE);
        }
        Storage storage = storage(dataDir);
        Memory memory = memory();
        BufferCheck.check(memory, storage.objects().chunkSizeBytes(), "lilio.objects.chunk-size");
        return new NodeSettings(
                node.text(),
                ClusterReader.read(config, node.text(), isShared()),
                dataDir,
                edge(),
                storage,
                memory,
                shutdown());
    }

    static boolean isName(String text) {
        return NAME.matcher(text).matches();
    }

    /** Whether several nodes share the metadata. */
    private boolean isShared() {
        return config.metadata().type().strip().equalsIgnoreCase("etcd");
    }

    /** These are passed on by application.properties, so they are only looked at here. */
    private void checkWhatQuarkusReads() {
        new SettingText("lilio.admin.host", config.admin().host())
                .filled("an address or a host name");
        new SettingText("lilio.admin.port", config.admin().port()).number(0, 65_535);
        new SettingText("lilio.management.host", config.management().host())
                .filled("an address or a host name");
        new SettingText("lilio.management.port", config.management().port()).number(0, 65_535);
        new SettingText("lilio.log.format", config.log().format()).oneOf("plain", "json");
        new SettingText("lilio.log.access", config.log().access()).flag();
        new SettingText("lilio.log.level", config.log().level())
                .oneOf("error", "warn", "info", "debug", "trace");
    }

    private Edge edge() {
        LilioConfig.S3 s3 = config.s3();
        List<String> domains = new ArrayList<>();
        for (String domain : s3.domains()) {
            domains.add(
                    new SettingText("lilio.s3.domains", domain).filled("a list of domain names"));
        }
        HttpSettings http =
                new HttpSettings(
                        new SettingText("lilio.s3.host", s3.host())
                                .filled("an address or a host name"),
                        new SettingText("lilio.s3.port", s3.port()).number(0, 65_535),
                        domains,
                        new HttpSettings.Limits(
                                new SettingText("lilio.s3.max-requests", s3.maxRequests())
                                        .number(1, 100_000),
                                new SettingText("lilio.s3.max-connections", s3.maxConnections())
                                        .number(1, 1_000_000),
                                HttpSettings.Limits.DEFAULT.bodyBufferBytes()),
                        new HttpSettings.Deadlines(
                                time("idle-timeout", s3.idleTimeout(), 1),
                                time("read-timeout", s3.readTimeout(), 1),
                                time("write-timeout", s3.writeTimeout(), 1),
                                time("request-timeout", s3.requestTimeout(), 24 * 7),
                                HttpSettings.Deadlines.DEFAULT.minimumBytesPerSecond()));
        Optional<String> accessKey = config.root().accessKey().filter(key -> !key.isBlank());
        Optional<String> secretKey = config.root().secretKey().filter(key -> !key.isBlank());
        checkRootKey(accessKey, secretKey);
        if (isShared() && accessKey.isEmpty()) {
            throw new InvalidSettingException(
                    "lilio.root.access-key and lilio.root.secret-key have to be set in a cluster,"
                            + " to the same on all nodes.");
        }
        String region = new SettingText("lilio.s3.region", s3.region()).filled("a region's name");
        return new Edge(http, region, accessKey, secretKey);
    }

    private static Duration time(String name, String text, int mostHours) {
        return new SettingText("lilio.s3." + name, text)
                .time(Duration.ofSeconds(1), Duration.ofHours(mostHours));
    }

    private static void checkRootKey(Optional<String> accessKey, Optional<String> secretKey) {
        if (accessKey.isPresent() != secretKey.isPresent()) {
            throw new InvalidSettingException(
                    "lilio.root.access-key and lilio.root.secret-key have to be set both or not at"
                            + " all.");
        }
        if (accessKey.filter(key -> !key.matches("[A-Za-z0-9._-]{3,128}")).isPresent()) {
            throw new SettingText("lilio.root.access-key", accessKey.get())
                    .refuse("3 to 128 letters, digits, dots, minus signs or underscores");
        }
        if (secretKey.filter(key -> key.length() < 8 || key.length() > 128).isPresent()) {
            throw new InvalidSettingException(
                    "lilio.root.secret-key has to be 8 to 128 characters long.");
        }
    }

    private Storage storage(Path dataDir) {
        Metadata metadata = MetadataReader.read(config.metadata(), dataDir);
        List<Backend> backends = backends(dataDir);
        for (Backend backend : backends) {
            requireSamePermanence(metadata, backend);
        }
        return new Storage(
                metadata,
                backends,
                FoundingReader.read(config, isShared(), backends.size()),
                objects(),
                MaintenanceReader.read(config.maintenance()));
    }

    /** One without the other would lose after a restart what the other still promises. */
    private void requireSamePermanence(Metadata metadata, Backend backend) {
        boolean lasting = !(metadata instanceof Metadata.InMemory);
        if (backend.place() instanceof Place.InMemory == lasting) {
            throw new SettingText("lilio.metadata.type", config.metadata().type())
                    .refuse(
                            lasting
                                    ? "memory, since backend " + backend.name() + " is in memory"
                                    : "rocksdb, since backend "
                                            + backend.name()
                                            + " is in a directory");
        }
    }

    private List<Backend> backends(Path dataDir) {
        List<Backend> backends = new ArrayList<>();
        if (config.backends().isEmpty()) {
            // Alone a node needs several to have replicas; in a cluster the others have them.
            for (int i = 1; i <= (isShared() ? 1 : 3); i++) {
                backends.add(
                        new Backend(
                                "disk" + i,
                                new Place.Directory(dataDir.resolve("disk" + i)),
                                config.nodeZone().orElse(""),
                                1,
                                false));
            }
            return backends;
        }
        Set<String> names = new HashSet<>();
        Set<Path> paths = new HashSet<>();
        for (int i = 0; i < config.backends().size(); i++) {
            String key = "lilio.backends[" + i + "].";
            Backend backend = backend(key, config.backends().get(i));
            if (!names.add(backend.name())) {
                throw InvalidSettingException.of(
                        key + "name", backend.name(), "different from that of every other backend");
            }
            if (backend.place() instanceof Place.Directory(Path path) && !paths.add(path)) {
                throw InvalidSettingException.of(
                        key + "path",
                        path.toString(),
                        "different from that of every other backend");
            }
            backends.add(backend);
        }
        return backends;
    }

    private Backend backend(String key, LilioConfig.Backend written) {
        SettingText name = new SettingText(key + "name", written.name());
        if (!isName(written.name())) {
            throw name.refuse(NAME_RULE);
        }
        String type = new SettingText(key + "type", written.type()).oneOf("local", "memory");
        Place place;
        if (type.equals("memory")) {
            place =
                    new Place.InMemory(
                            new SettingText(key + "capacity", written.capacity())
                                    .bytes(16 * M, 1024 * G));
        } else {
            place =
                    new Place.Directory(
                            new SettingText(key + "path", written.path().orElse("")).path());
        }
        return new Backend(
                name.text(),
                place,
                written.zone().or(config::nodeZone).orElse(""),
                new SettingText(key + "weight", written.weight()).number(1, Member.MAX_WEIGHT),
                new SettingText(key + "adopt-empty", written.adoptEmpty()).flag());
    }

    private Objects objects() {
        LilioConfig.Objects written = config.objects();
        long chunk =
                new SettingText("lilio.objects.chunk-size", written.chunkSize())
                        .bytes(64 * K, 64 * M);
        if (chunk % (64 * K) != 0) {
            throw new SettingText("lilio.objects.chunk-size", written.chunkSize())
                    .refuse("a multiple of 64K");
        }
        long inline =
                written.inlineMax()
                        .map(
                                text ->
                                        new SettingText("lilio.objects.inline-max", text)
                                                .bytes(0, 64 * K))
                        .orElse(isShared() ? 512 : 4 * K);
        String etag = new SettingText("lilio.objects.etag", written.etag()).oneOf("md5", "opaque");
        String durability =
                new SettingText("lilio.objects.durability", written.durability())
                        .oneOf("full", "relaxed");
        return new Objects(
                (int) chunk,
                (int) inline,
                etag.equals("md5") ? EtagMode.MD5 : EtagMode.OPAQUE,
                durability.equals("relaxed"),
                new SettingText("lilio.objects.direct-writes", written.directWrites()).flag());
    }

    private Memory memory() {
        return new Memory(
                new SettingText("lilio.memory.buffers", config.memory().buffers())
                                .bytes(16 * M, 64 * G)
                        / M
                        * M,
                new SettingText("lilio.memory.rocksdb", config.memory().rocksdb())
                        .bytes(16 * M, 64 * G));
    }

    private Shutdown shutdown() {
        return new Shutdown(
                new SettingText("lilio.shutdown.delay", config.shutdown().delay())
                        .time(Duration.ZERO, Duration.ofMinutes(10)),
                new SettingText("lilio.shutdown.timeout", config.shutdown().timeout())
                        .time(Duration.ofSeconds(1), Duration.ofHours(1)));
    }
}
