package io.lilio.server.bootstrap.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lilio.maintenance.MaintenanceSettings;
import io.lilio.maintenance.brake.BrakeSettings;
import io.lilio.maintenance.collect.CollectionSettings;
import io.lilio.maintenance.run.PaceSettings;
import io.lilio.maintenance.run.TaskKind;
import io.lilio.metadata.etcd.EtcdSettings;
import io.lilio.object.EtagMode;
import io.lilio.placement.Replication.Spread;
import io.lilio.server.bootstrap.config.NodeSettings.Place;
import io.lilio.tls.PemFiles;
import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SettingsReaderTest {

    static NodeSettings read(String... keysAndValues) {
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < keysAndValues.length; i += 2) {
            values.put("lilio." + keysAndValues[i], keysAndValues[i + 1]);
        }
        return SettingsReader.read(
                new SmallRyeConfigBuilder()
                        .withSources(new PropertiesConfigSource(values, "test", 100))
                        .withMapping(LilioConfig.class)
                        .build()
                        .getConfigMapping(LilioConfig.class));
    }

    static void assertRefused(String sentence, String... keysAndValues) {
        assertThatThrownBy(() -> read(keysAndValues))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessage(sentence);
    }

    @Test
    void etcdIsSpokenToAsItsEndpointsSay(@TempDir Path directory) throws Exception {
        assertThat(tls("http://etcd-0:2379,etcd-1:2379")).isEmpty();
        assertThat(tls("https://etcd-0:2379, etcd-1:2379"))
                .as("the system's authorities are trusted")
                .contains(new PemFiles(Optional.empty(), Optional.empty()));
        Path pem = Files.writeString(directory.resolve("ca.pem"), "-----BEGIN CERTIFICATE-----");
        String[] certified = {"metadata.etcd.tls.ca", pem.toString()};
        assertThat(tls("etcd-0:2379", certified))
                .contains(new PemFiles(Optional.of(pem), Optional.empty()));
        assertThatThrownBy(() -> tls("http://etcd-0:2379", certified))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessage(
                        "lilio.metadata.etcd.endpoints is \"http://etcd-0:2379\", but has to be"
                                + " https://, as others or lilio.metadata.etcd.tls.* say.");
    }

    private static Optional<PemFiles> tls(String endpoints, String... more) {
        List<String> all = new ArrayList<>(List.of(more));
        all.addAll(List.of("metadata.etcd.endpoints", endpoints));
        return read(cluster(all.toArray(String[]::new))).storage().metadata()
                        instanceof NodeSettings.Metadata.Shared(EtcdSettings etcd)
                ? etcd.tls()
                : Optional.empty();
    }

    @Test
    void unconfiguredThereAreThreeLocalBackendsOnLoopback() {
        NodeSettings settings = read("data-dir", "/srv/lilio");
        assertThat(settings.dataDir()).isEqualTo(Path.of("/srv/lilio"));
        assertThat(settings.edge().http().host()).isEqualTo("127.0.0.1");
        assertThat(settings.edge().http().port()).isEqualTo(9000);
        assertThat(settings.edge().rootAccessKey()).isEmpty();
        assertThat(settings.storage().metadata())
                .isEqualTo(new NodeSettings.Metadata.Embedded(Path.of("/srv/lilio/metadata")));
        assertThat(settings.storage().backends())
                .extracting(NodeSettings.Backend::place)
                .containsExactly(
                        new Place.Directory(Path.of("/srv/lilio/disk1")),
                        new Place.Directory(Path.of("/srv/lilio/disk2")),
                        new Place.Directory(Path.of("/srv/lilio/disk3")));
        assertThat(settings.storage().founding().replication().factor()).isEqualTo(3);
        assertThat(settings.storage().founding().replication().writeQuorum()).isEqualTo(2);
        assertThat(settings.storage().founding().replication().readQuorum()).isEqualTo(2);
        assertThat(settings.storage().objects())
                .isEqualTo(new NodeSettings.Objects(1 << 20, 4096, EtagMode.MD5, false, true));
    }

    @Test
    void backendsAreTakenAsTheyAreWritten() {
        NodeSettings settings =
                read(
                        "backends[0].name", "fast",
                        "backends[0].path", "/mnt/a",
                        "backends[0].zone", "z1",
                        "backends[0].weight", "3",
                        "backends[1].name", "slow",
                        "backends[1].path", "/mnt/b",
                        "backends[1].adopt-empty", "true");
        assertThat(settings.storage().backends())
                .containsExactly(
                        new NodeSettings.Backend(
                                "fast", new Place.Directory(Path.of("/mnt/a")), "z1", 3, false),
                        new NodeSettings.Backend(
                                "slow", new Place.Directory(Path.of("/mnt/b")), "", 1, true));
        assertThat(settings.storage().founding().replication().factor()).isEqualTo(2);
        assertThat(settings.storage().founding().replication().spread())
                .as("zones have an effect")
                .isEqualTo(Spread.ZONE);
    }

    @Test
    void memoryIsForBothOrForNeither() {
        NodeSettings settings =
                read(
                        "backends[0].name", "ram",
                        "backends[0].type", "memory",
                        "backends[0].capacity", "64M",
                        "metadata.type", "memory");
        assertThat(settings.storage().backends().getFirst().place())
                .isEqualTo(new Place.InMemory(64L << 20));
        assertThat(settings.storage().metadata()).isEqualTo(new NodeSettings.Metadata.InMemory());
        assertRefused(
                "lilio.metadata.type is \"memory\", but has to be rocksdb, since backend disk1 is"
                        + " in a directory.",
                "metadata.type",
                "memory");
        assertRefused(
                "lilio.metadata.type is \"rocksdb\", but has to be memory, since backend ram is in"
                        + " memory.",
                "backends[0].name",
                "ram",
                "backends[0].type",
                "memory");
    }

    static String[] cluster(String... more) {
        List<String> all =
                new ArrayList<>(
                        List.of(
                                "node-name", "node-2",
                                "metadata.type", "etcd",
                                "metadata.etcd.endpoints", "http://etcd-0:2379, etcd-1:2379",
                                "cluster.initial-nodes", "node-1,node-2,node-3",
                                "rpc.secret", "a secret of the cluster",
                                "root.access-key", "root",
                                "root.secret-key", "root-secret"));
        all.addAll(List.of(more));
        return all.toArray(String[]::new);
    }

    @Test
    void aNodeOfAClusterHasOneDiskAndSharesTheRest() {
        NodeSettings settings = read(cluster("node-zone", "west"));
        assertThat(settings.cluster())
                .isEqualTo(
                        new NodeSettings.Cluster(
                                true,
                                Set.of("node-1", "node-2", "node-3"),
                                "node-2",
                                Optional.of(
                                        new NodeSettings.Network(
                                                "0.0.0.0",
                                                9002,
                                                "node-2:9002",
                                                List.of("a secret of the cluster"),
                                                Optional.empty())),
                                Duration.ofSeconds(10)));
        assertThat(read(cluster("cluster.session-ttl", "1m")).cluster().sessionTtl())
                .isEqualTo(Duration.ofMinutes(1));
        assertThat(settings.storage().metadata())
                .isEqualTo(
                        new NodeSettings.Metadata.Shared(
                                EtcdSettings.of(List.of("etcd-0:2379", "etcd-1:2379"), "/lilio/")));
        assertThat(settings.storage().backends())
                .singleElement()
                .satisfies(disk -> assertThat(disk.zone()).isEqualTo("west"));
        assertThat(settings.storage().founding().replication().factor()).isEqualTo(3);
        assertThat(settings.storage().objects().inlineMaxBytes()).isEqualTo(512);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "cluster.initial-nodes|Node|lilio.cluster.initial-nodes is \"Node\", but has to be"
                        + " names of nodes, each 1 to 63 small letters, digits and minus signs.",
                "cluster.session-ttl|4s|lilio.cluster.session-ttl is \"4s\", but has to be a time"
                        + " from 5s to 5m, such as 30s.",
                "cluster.session-ttl|6m|lilio.cluster.session-ttl is \"6m\", but has to be a time"
                        + " from 5s to 5m, such as 30s.",
                "metadata.etcd.endpoints|etcd|lilio.metadata.etcd.endpoints is \"etcd\", but has to"
                        + " be a list of host:port, such as etcd-0:2379,etcd-1:2379,etcd-2:2379.",
                "metadata.etcd.user|me|lilio.metadata.etcd.user needs lilio.metadata.etcd.password"
                        + " or lilio.metadata.etcd.password-file.",
                "metadata.etcd.password|secret|lilio.metadata.etcd.password and"
                        + " lilio.metadata.etcd.password-file need lilio.metadata.etcd.user.",
                "metadata.etcd.password-file|/nowhere|lilio.metadata.etcd.password and"
                        + " lilio.metadata.etcd.password-file need lilio.metadata.etcd.user.",
                "metadata.etcd.endpoints|https://a:1,http://b:2|lilio.metadata.etcd.endpoints is"
                        + " \"http://b:2\", but has to be https://, as others or"
                        + " lilio.metadata.etcd.tls.* say.",
                "metadata.etcd.tls.ca|/nowhere|lilio.metadata.etcd.tls.ca is \"/nowhere\", but has"
                        + " to be a PEM file that can be read.",
                "metadata.etcd.tls.key|/nowhere|lilio.metadata.etcd.tls.certificate and"
                        + " lilio.metadata.etcd.tls.key have to be set both or not at all.",
                "rpc.secret|short|lilio.rpc.secret has to have 16 characters at least.",
                "rpc.port|0|lilio.rpc.port is \"0\", but has to be a number from 1 to 65535.",
                "rpc.address|node|lilio.rpc.address is \"node\", but has to be host:port, such as"
                        + " node-1.nodes:9002.",
                "rpc.tls.ca|/nowhere|lilio.rpc.tls.ca, lilio.rpc.tls.certificate and"
                        + " lilio.rpc.tls.key have to be set all or not at all.",
                "metadata.etcd.quota|1K|lilio.metadata.etcd.quota is \"1K\", but has to be a size"
                        + " from 16M to 1024G, such as 64K or 1M.",
            })
    void aBadValueOfAClusterIsOneSentence(String key, String value, String sentence) {
        assertRefused(sentence, cluster(key, value));
    }

    @Test
    void aClusterNeedsOneRootKeyForAllNodes() {
        assertRefused(
                "lilio.root.access-key and lilio.root.secret-key have to be set in a cluster, to"
                        + " the same on all nodes.",
                cluster("root.access-key", "", "root.secret-key", ""));
    }

    @Test
    void timesAndSizesHaveUnits() {
        NodeSettings settings =
                read(
                        "s3.read-timeout", "90s",
                        "shutdown.delay", "1500ms",
                        "objects.chunk-size", "64K",
                        "memory.buffers", "1G",
                        "objects.inline-max", "0");
        assertThat(settings.edge().http().deadlines().read()).isEqualTo(Duration.ofSeconds(90));
        assertThat(settings.shutdown().delay()).isEqualTo(Duration.ofMillis(1500));
        assertThat(settings.storage().objects().chunkSizeBytes()).isEqualTo(64 << 10);
        assertThat(settings.memory().bufferBytes()).isEqualTo(1L << 30);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "s3.port|x|lilio.s3.port is \"x\", but has to be a number from 0 to 65535.",
                "s3.port|65536|lilio.s3.port is \"65536\", but has to be a number from 0 to 65535.",
                "metadata.type|mysql|lilio.metadata.type is \"mysql\", but has to be memory or"
                        + " rocksdb or etcd.",
                "metadata.type|etcd|lilio.metadata.etcd.endpoints has to be a list of host:port,"
                        + " such as etcd-0:2379,etcd-1:2379,etcd-2:2379, since lilio.metadata.type"
                        + " is etcd.",
                "cluster.initial-nodes|a,b|lilio.cluster.initial-nodes is for clusters, whose nodes"
                        + " share their metadata: set lilio.metadata.type to etcd, or leave it"
                        + " out.",
                "s3.idle-timeout|5|lilio.s3.idle-timeout is \"5\", but has to be a time from 1s to"
                        + " 1h, such as 30s.",
                "s3.idle-timeout|0s|lilio.s3.idle-timeout is \"0s\", but has to be a time from 1s"
                        + " to 1h, such as 30s.",
                "objects.chunk-size|1T|lilio.objects.chunk-size is \"1T\", but has to be a size"
                        + " from 64K to 64M, such as 64K or 1M.",
                "objects.chunk-size|65K|lilio.objects.chunk-size is \"65K\", but has to be a"
                        + " multiple of 64K.",
                "objects.inline-max|65K|lilio.objects.inline-max is \"65K\", but has to be a size"
                        + " from 0 to 64K, such as 64K or 1M.",
                "objects.etag|sha|lilio.objects.etag is \"sha\", but has to be md5 or opaque.",
                "replication.strict-reads|maybe|lilio.replication.strict-reads is \"maybe\", but"
                        + " has to be true or false.",
                "replication.factor|4|lilio.replication.factor is \"4\", but has to be at most the"
                        + " number of backends, which is 3.",
                "replication.write-quorum|4|lilio.replication.write-quorum is \"4\", but has to be"
                        + " a number from 1 to 3.",
                "maintenance.gc.interval|5s|lilio.maintenance.gc.interval is \"5s\", but has to be"
                        + " a time from 1m to 365d, such as 30s.",
                "maintenance.trash.interval|2d|lilio.maintenance.trash.interval is \"2d\", but has"
                        + " to be a time from 100ms to 1h, such as 30s.",
                "maintenance.scrub.max-bytes-per-second|0|lilio.maintenance.scrub"
                        + ".max-bytes-per-second is \"0\", but has to be a size from 64K to 1024G,"
                        + " such as 64K or 1M.",
                "maintenance.brake.max-share|20%|lilio.maintenance.brake.max-share is \"20%\", but"
                        + " has to be a share from 0.01 to 1, such as 0.2.",
                "maintenance.brake.max-share|NaN|lilio.maintenance.brake.max-share is \"NaN\", but"
                        + " has to be a share from 0.01 to 1, such as 0.2.",
                "maintenance.parallelism|0|lilio.maintenance.parallelism is \"0\", but has to be a"
                        + " number from 1 to 256.",
                "maintenance.acknowledge|yes|lilio.maintenance.acknowledge is \"yes\", but has to"
                        + " be the eight letters that the log says.",
                "root.access-key|key|lilio.root.access-key and lilio.root.secret-key have to be set"
                        + " both or not at all.",
            })
    void aBadValueIsOneSentence(String key, String value, String sentence) {
        assertRefused(sentence, key, value);
    }

    @ParameterizedTest
    @CsvSource({"64M, 191M, 192M", "64M, 96M, 192M", "33M, 128M, 192M", "8M, 16M, 24M"})
    void buffersThatAreTooFewForTheChunksAreRefused(String chunk, String buffers, String least) {
        assertRefused(
                ("lilio.memory.buffers is \"%s\", but has to be at least %s, since"
                                + " lilio.objects.chunk-size has chunks of %s.")
                        .formatted(buffers, least, chunk),
                "objects.chunk-size",
                chunk,
                "memory.buffers",
                buffers);
        read("objects.chunk-size", chunk, "memory.buffers", least);
    }

    @Test
    void theBuffersOfTheDefaultAreEnoughForChunksOf32M() {
        read("objects.chunk-size", "32M");
    }

    @Test
    void maintenanceRunsAsUsualWhereNothingIsSet() {
        assertThat(read().storage().upkeep())
                .isEqualTo(
                        new NodeSettings.Upkeep(
                                MaintenanceSettings.defaults(), Optional.empty(), true));
        NodeSettings.Upkeep upkeep =
                read(
                                "maintenance.acknowledge", "abcdefgh",
                                "maintenance.unconfirmed-age", "5m",
                                "maintenance.parallelism", "2",
                                "maintenance.scrub.interval", "30d",
                                "maintenance.scrub.max-bytes-per-second", "8M",
                                "maintenance.scrub.max-items-per-second", "50",
                                "maintenance.usage.interval", "1m",
                                "maintenance.gc.max-blobs", "5000000",
                                "maintenance.gc.max-wait", "2d",
                                "maintenance.brake.max-share", "0.05",
                                "maintenance.brake.always-allowed", "0")
                        .storage()
                        .upkeep();
        assertThat(upkeep.acknowledged()).contains("abcdefgh");
        MaintenanceSettings usual = MaintenanceSettings.defaults();
        Map<TaskKind, MaintenanceSettings.Timing> times = new HashMap<>(usual.timetable());
        Duration yield = usual.timetable().get(TaskKind.SCRUB).pace().yield();
        times.put(
                TaskKind.SCRUB,
                new MaintenanceSettings.Timing(
                        Duration.ofDays(30), new PaceSettings(50, 8 << 20, yield)));
        times.put(
                TaskKind.USAGE,
                new MaintenanceSettings.Timing(Duration.ofMinutes(1), PaceSettings.UNLIMITED));
        assertThat(upkeep.maintenance())
                .isEqualTo(
                        new MaintenanceSettings(
                                times,
                                new BrakeSettings(0.05, 0, usual.brake().remember()),
                                new CollectionSettings(5_000_000, Duration.ofDays(2)),
                                Duration.ofMinutes(5),
                                2));
    }

    @Test
    void twoBackendsDoNotShareNameOrPath() {
        assertRefused(
                "lilio.backends[1].name is \"a\", but has to be different from that of every other"
                        + " backend.",
                "backends[0].name",
                "a",
                "backends[0].path",
                "/a",
                "backends[1].name",
                "a",
                "backends[1].path",
                "/b");
        assertRefused(
                "lilio.backends[1].path is \"/a\", but has to be different from that of every other"
                        + " backend.",
                "backends[0].name",
                "a",
                "backends[0].path",
                "/a",
                "backends[1].name",
                "b",
                "backends[1].path",
                "/x/../a");
        assertRefused(
                "lilio.backends[0].path is \"\", but has to be the path of a directory.",
                "backends[0].name",
                "a");
        assertRefused(
                "lilio.backends[0].name is \"A/b\", but has to be 1 to 63 small letters, digits and"
                        + " minus signs.",
                "backends[0].name",
                "A/b");
    }

    @Test
    void secretsAreNeverShown() {
        NodeSettings settings =
                read("root.access-key", "admin", "root.secret-key", "very-secret-indeed");
        assertThat(settings.toString()).doesNotContain("very-secret-indeed");
        assertThatThrownBy(() -> read("root.access-key", "admin", "root.secret-key", "short"))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageNotContaining("short");
    }
}
