package io.lilio.metadata.etcd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.InsecureChannelCredentials;
import io.grpc.TlsChannelCredentials;
import io.lilio.metadata.Bytes;
import io.lilio.metadata.CommitResult;
import io.lilio.metadata.Compare;
import io.lilio.metadata.KeyRange;
import io.lilio.metadata.KeyValue;
import io.lilio.metadata.LeaseId;
import io.lilio.metadata.MetadataUnavailableException;
import io.lilio.metadata.ReadView;
import io.lilio.metadata.Txn;
import io.lilio.metadata.etcd.EtcdSettings.Login;
import io.lilio.time.SystemTime;
import io.lilio.tls.PemFiles;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** An etcd that asks who is there, and several clusters in one etcd. */
@Timeout(120)
class EtcdAccessTest {

    private static final Bytes KEY = Bytes.ofUtf8("key");
    private static final String PREFIX = "/ours/";

    /** For those who are let in: a first handshake takes seconds on a loaded machine. */
    private static final Duration PATIENT = Duration.ofSeconds(10);

    /** For those who are not, and are told so when it is over. */
    private static final Duration BRIEF = Duration.ofSeconds(2);

    @TempDir private Path directory;

    private final SystemTime time = new SystemTime();

    @AfterEach
    void close() {
        time.close();
    }

    @Test
    void aUserWhoMayUseOnlyOurKeysIsEnough() throws Exception {
        try (EtcdProcess etcd = EtcdProcess.start(directory, "--auth-token-ttl=1")) {
            EtcdLogins.demand(etcd.endpoint(), InsecureChannelCredentials.create(), PREFIX);
            try (EtcdMetadataStore store =
                    store(etcd, PREFIX, login(EtcdLogins.USER, EtcdLogins.PASSWORD))) {
                useEverything(store);
                Thread.sleep(2_500); // its token is good for a second
                useEverything(store);
            }
            try (EtcdMetadataStore other =
                    store(etcd, "/theirs/", login(EtcdLogins.USER, EtcdLogins.PASSWORD))) {
                assertThatThrownBy(() -> put(other))
                        .isInstanceOf(MetadataUnavailableException.class)
                        .hasMessageContaining("permission denied");
            }
        }
    }

    @Test
    void whoIsNotLetInIsToldSoAndIsAwayUntilHeIs() throws Exception {
        try (EtcdProcess etcd = EtcdProcess.start(directory)) {
            EtcdLogins.demand(etcd.endpoint(), InsecureChannelCredentials.create(), PREFIX);
            try (EtcdMetadataStore store = store(etcd, PREFIX, login(EtcdLogins.USER, "wrong"))) {
                assertRefuses(store);
                assertAway(store, "authentication failed");
                assertRefuses(store);
            }
            try (EtcdMetadataStore store = store(etcd, PREFIX, Optional.empty())) {
                assertRefuses(store);
                assertAway(store, "user name is empty");
            }
            etcd.stop();
            try (EtcdMetadataStore store =
                    store(etcd, PREFIX, login(EtcdLogins.USER, "wrong"), Optional.empty(), BRIEF)) {
                assertThat(store.answers()).as("whether it would let him in").isFalse();
            }
        }
    }

    private static void assertRefuses(EtcdMetadataStore store) {
        assertThatThrownBy(
                        () -> {
                            while (!store.answers()) {
                                Thread.onSpinWait(); // a slow one has not refused anything yet
                            }
                        })
                .as("there is nothing to wait for")
                .isInstanceOf(MetadataUnavailableException.class);
    }

    private static void assertAway(EtcdMetadataStore store, String why) throws Exception {
        assertThatThrownBy(() -> store.read(List.of(KEY)))
                .isInstanceOf(MetadataUnavailableException.class);
        assertThatThrownBy(() -> put(store)).isInstanceOf(MetadataUnavailableException.class);
        while (store.status().away().isEmpty()) {
            Thread.sleep(10);
        }
        assertThat(store.status().away().orElseThrow().why()).contains(why);
    }

    @Test
    void aConnectionIsSecuredBothWays() throws Exception {
        Certificates certificates = Certificates.make(directory.resolve("pki"));
        try (EtcdProcess etcd =
                EtcdProcess.start(
                        directory,
                        "--cert-file=" + certificates.server().certificate(),
                        "--key-file=" + certificates.server().key(),
                        "--trusted-ca-file=" + certificates.authority(),
                        "--client-cert-auth")) {
            Optional<Path> authority = Optional.of(certificates.authority());
            try (EtcdMetadataStore store =
                    secured(
                            etcd,
                            new PemFiles(authority, Optional.of(certificates.client())),
                            PATIENT)) {
                useEverything(store);
            }
            for (PemFiles wrong :
                    List.of(
                            new PemFiles(authority, Optional.empty()),
                            new PemFiles(Optional.empty(), Optional.empty()),
                            new PemFiles(Optional.empty(), Optional.of(certificates.client())))) {
                try (EtcdMetadataStore store = secured(etcd, wrong, BRIEF)) {
                    assertThatThrownBy(store::revision)
                            .isInstanceOf(MetadataUnavailableException.class);
                }
            }
        }
    }

    /** Who logs in is meant, and not who the certificate names. */
    @Test
    void aUserMayShowACertificateBesides() throws Exception {
        Certificates certificates = Certificates.make(directory.resolve("pki"));
        try (EtcdProcess etcd =
                EtcdProcess.start(
                        directory,
                        "--cert-file=" + certificates.server().certificate(),
                        "--key-file=" + certificates.server().key(),
                        "--trusted-ca-file=" + certificates.authority(),
                        "--client-cert-auth")) {
            EtcdLogins.demand(
                    etcd.endpoint(),
                    TlsChannelCredentials.newBuilder()
                            .trustManager(certificates.authority().toFile())
                            .keyManager(
                                    certificates.client().certificate().toFile(),
                                    certificates.client().key().toFile())
                            .build(),
                    PREFIX);
            PemFiles shown =
                    new PemFiles(
                            Optional.of(certificates.authority()),
                            Optional.of(certificates.client()));
            try (EtcdMetadataStore store =
                    store(
                            etcd,
                            PREFIX,
                            login(EtcdLogins.USER, EtcdLogins.PASSWORD),
                            Optional.of(shown),
                            PATIENT)) {
                useEverything(store);
            }
        }
    }

    /** Of another authority, all of them, as when one is given up. */
    @Test
    void certificatesThatAreRenewedAreTakenUpWithoutARestart() throws Exception {
        Certificates first = Certificates.make(directory.resolve("first"));
        Certificates second = Certificates.make(directory.resolve("second"));
        Certificates used = Certificates.make(directory.resolve("used"));
        first.copyTo(used);
        try (EtcdProcess etcd =
                        EtcdProcess.start(
                                directory,
                                "--cert-file=" + used.server().certificate(),
                                "--key-file=" + used.server().key(),
                                "--trusted-ca-file=" + used.authority(),
                                "--client-cert-auth");
                EtcdMetadataStore store =
                        secured(
                                etcd,
                                new PemFiles(
                                        Optional.of(used.authority()), Optional.of(used.client())),
                                PATIENT)) {
            useEverything(store);
            etcd.stop();
            Files.writeString(used.client().key(), "-----BEGIN PRIVATE KEY-----\nMIG");
            etcd.start();
            awaitAnswer(store); // by the ones before, while those on disk are half written
            etcd.stop();
            second.copyTo(used);
            etcd.start();
            awaitAnswer(store);
            useEverything(store);
            try (EtcdMetadataStore old =
                    secured(
                            etcd,
                            new PemFiles(
                                    Optional.of(second.authority()), Optional.of(first.client())),
                            BRIEF)) {
                assertThatThrownBy(old::revision)
                        .as("etcd trusts the second authority alone")
                        .isInstanceOf(MetadataUnavailableException.class);
            }
        }
    }

    private static void awaitAnswer(EtcdMetadataStore store) throws Exception {
        while (!store.answers()) {
            Thread.sleep(50);
        }
    }

    @Test
    void clustersInOneEtcdDoNotSeeEachOther() throws Exception {
        try (EtcdProcess etcd = EtcdProcess.start(directory);
                EtcdMetadataStore one = store(etcd, "/one/", Optional.empty());
                EtcdMetadataStore two = store(etcd, "/two/", Optional.empty())) {
            KeyRange everything = new KeyRange(Bytes.ofUtf8("\0"), Bytes.wrap(new byte[] {-1, -1}));
            CountDownLatch told = new CountDownLatch(1);
            CountDownLatch toldWrongly = new CountDownLatch(1);
            one.watch(everything, one.revision(), _ -> toldWrongly.countDown(), () -> {});
            two.watch(everything, two.revision(), _ -> told.countDown(), () -> {});
            put(two);
            assertThat(told.await(20, TimeUnit.SECONDS)).isTrue();
            assertThat(toldWrongly.getCount()).isEqualTo(1);
            assertThat(one.read(List.of(KEY)).get(0)).isEmpty();
            try (ReadView view = one.view()) {
                assertThat(view.scan(everything, 10).entries()).isEmpty();
            }
            CommitResult alone =
                    one.commit(
                            Txn.grow()
                                    .when(new Compare.RangeEmpty(everything))
                                    .when(new Compare.Absent(KEY))
                                    .put(KEY, Bytes.ofUtf8("one"))
                                    .build());
            assertThat(alone).isInstanceOf(CommitResult.Committed.class);
            assertThat(value(two)).isEqualTo(Bytes.ofUtf8("value"));
            one.commit(Txn.upkeep().delete(KEY).build());
            assertThat(value(two)).isEqualTo(Bytes.ofUtf8("value"));
        }
    }

    private static void useEverything(EtcdMetadataStore store) throws InterruptedException {
        LeaseId lease = store.grantLease(Duration.ofMinutes(1));
        Bytes leased = Bytes.ofUtf8("leased");
        CountDownLatch told = new CountDownLatch(1);
        try (var _ =
                store.watch(
                        KeyRange.ofPrefix(leased),
                        store.revision(),
                        _ -> told.countDown(),
                        () -> {})) {
            put(store);
            CommitResult committed =
                    store.commit(Txn.upkeep().put(leased, Bytes.empty(), lease).build());
            assertThat(committed).isInstanceOf(CommitResult.Committed.class);
            assertThat(told.await(20, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(store.keepAlive(lease)).isTrue();
        assertThat(value(store)).isEqualTo(Bytes.ofUtf8("value"));
        assertThat(store.read(List.of(KEY, leased)).values()).doesNotContain(Optional.empty());
        try (ReadView view = store.view()) {
            assertThat(view.scan(KeyRange.ofPrefix(KEY), 10).entries()).hasSize(1);
        }
        store.revokeLease(lease);
        assertThat(store.read(List.of(leased)).get(0)).isEmpty();
    }

    private static void put(EtcdMetadataStore store) {
        assertThat(store.commit(Txn.grow().put(KEY, Bytes.ofUtf8("value")).build()))
                .isInstanceOf(CommitResult.Committed.class);
    }

    private static Bytes value(EtcdMetadataStore store) {
        return store.read(List.of(KEY)).get(0).map(KeyValue::value).orElse(Bytes.empty());
    }

    private static Optional<Login> login(String user, String password) {
        return Optional.of(new Login(user, password));
    }

    private EtcdMetadataStore store(EtcdProcess etcd, String prefix, Optional<Login> login) {
        return store(etcd, prefix, login, Optional.empty(), PATIENT);
    }

    private EtcdMetadataStore secured(EtcdProcess etcd, PemFiles tls, Duration timeout) {
        return store(etcd, PREFIX, Optional.empty(), Optional.of(tls), timeout);
    }

    private EtcdMetadataStore store(
            EtcdProcess etcd,
            String prefix,
            Optional<Login> login,
            Optional<PemFiles> tls,
            Duration timeout) {
        return new EtcdMetadataStore(
                new EtcdSettings(
                        List.of(etcd.endpoint()),
                        prefix,
                        login,
                        tls,
                        new EtcdSettings.Limits(timeout, 2L << 30)),
                time,
                Thread.ofVirtual().factory());
    }
}
