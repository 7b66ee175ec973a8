package io.lilio.server.rpc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lilio.chunk.BackendException;
import io.lilio.chunk.BackendException.Reason;
import io.lilio.chunk.ChunkStore;
import io.lilio.chunk.SampleChunk;
import io.lilio.time.ManualTime;
import io.lilio.tls.PemFiles;
import io.lilio.tls.TestAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** TLS, where both sides show a certificate of the same authority. */
@Timeout(120)
class RpcTlsTest {

    @TempDir static Path directory;
    private static TlsFiles server;
    private static TlsFiles client;
    private static TlsFiles stranger;

    private final TwoNodes nodes = new TwoNodes();
    private final ChunkStore memory = nodes.memoryStore(4, nodes.time);
    private final SampleChunk chunk = SampleChunk.of(1, 1 << 20);

    @BeforeAll
    static void makeCertificates() throws Exception {
        var ours = new TestAuthority(directory, "ours");
        server = sign(ours, "server", "EC");
        client = sign(ours, "client", "RSA");
        stranger = sign(new TestAuthority(directory, "theirs"), "stranger", "EC");
    }

    private static TlsFiles sign(TestAuthority authority, String node, String keyAlgorithm)
            throws Exception {
        PemFiles.Pair signed = authority.sign(node, keyAlgorithm);
        return new TlsFiles(authority.certificate(), signed.certificate(), signed.key());
    }

    @AfterEach
    void stop() throws Exception {
        nodes.close();
    }

    private ChunkStore connect(Optional<TlsFiles> ofServer, Optional<TlsFiles> ofClient)
            throws Exception {
        nodes.serverSettings =
                new RpcServerSettings(
                        "127.0.0.1",
                        0,
                        RpcServerSettings.Limits.DEFAULT,
                        new RpcServerSettings.Timeouts(
                                Duration.ofSeconds(2),
                                Duration.ofMinutes(1),
                                Duration.ofSeconds(10),
                                Duration.ofSeconds(2),
                                Duration.ofSeconds(5)),
                        ofServer);
        nodes.clientSettings =
                new RpcClientSettings(
                        4, Duration.ofMinutes(1), RpcClientSettings.Deadlines.DEFAULT, ofClient);
        return nodes.hosting(memory).connect();
    }

    private void assertRefused(ChunkStore remote) {
        assertThatThrownBy(() -> chunk.putInto(remote))
                .isInstanceOfSatisfying(
                        BackendException.class,
                        e -> assertThat(e.reason()).isIn(Reason.IO, Reason.TIMEOUT));
        assertThat(memory.usage().chunks()).isZero();
    }

    @Test
    void nodesWithCertificatesOfOneAuthorityTalk() throws Exception {
        ChunkStore remote = connect(Optional.of(server), Optional.of(client));

        chunk.putInto(remote);

        assertThat(chunk.readFrom(remote)).isEqualTo(chunk.bytes());
        assertThat(chunk.readFrom(memory)).isEqualTo(chunk.bytes());
    }

    @Test
    void aPeerThatWasStartedAgainCostsNoFailedCallWithTlsEither() throws Exception {
        connect(Optional.of(server), Optional.of(client));
        ChunkStore remote = nodes.connect(TwoNodes.MEMBER, 0);
        chunk.putInto(remote);

        nodes.restartServer(99);

        assertThat(remote.stat(chunk.id())).isPresent();
    }

    @Test
    void aClientOfAnotherAuthorityIsRefused() throws Exception {
        assertRefused(
                connect(
                        Optional.of(server),
                        Optional.of(
                                new TlsFiles(
                                        server.authority(),
                                        stranger.certificate(),
                                        stranger.key()))));
        nodes.heard.awaitBreach("SERVER REFUSED");
    }

    @Test
    void aServerOfAnotherAuthorityIsRefused() throws Exception {
        assertRefused(
                connect(
                        Optional.of(
                                new TlsFiles(
                                        client.authority(),
                                        stranger.certificate(),
                                        stranger.key())),
                        Optional.of(client)));
        nodes.heard.awaitBreach("CLIENT REFUSED");
    }

    @Test
    void aClientWithoutTlsIsRefused() throws Exception {
        assertRefused(connect(Optional.of(server), Optional.empty()));
    }

    @Test
    void aServerWithoutTlsIsRefused() throws Exception {
        assertRefused(connect(Optional.empty(), Optional.of(client)));
    }

    @Test
    void theSecretIsProvedOverTlsToo() throws Exception {
        nodes.clientIdentity = TwoNodes.identity("client", "another secret of the same kind");
        ChunkStore remote = connect(Optional.of(server), Optional.of(client));

        assertThatThrownBy(() -> chunk.putInto(remote))
                .hasMessageContaining("have different cluster secrets");
    }

    @Test
    void changedFilesAreUsedForTheNextConnections() throws Exception {
        Path own = Files.createDirectory(directory.resolve("renewed"));
        TlsFiles files =
                new TlsFiles(own.resolve("ca"), own.resolve("certificate"), own.resolve("key"));
        copy(stranger, files, 1);
        ChunkStore remote = connect(Optional.of(files), Optional.of(client));
        assertRefused(remote);

        copy(server, files, 2);
        while (true) {
            try {
                chunk.putInto(remote);
                break;
            } catch (BackendException notReadYet) {
                Thread.sleep(100);
            }
        }
        assertThat(memory.usage().chunks()).isEqualTo(1);
    }

    @Test
    void filesThatAreHalfWrittenLeaveTheOldOnesInUse() throws Exception {
        Path own = Files.createDirectory(directory.resolve("half-written"));
        TlsFiles files =
                new TlsFiles(own.resolve("ca"), own.resolve("certificate"), own.resolve("key"));
        copy(server, files, 1);
        ManualTime time = new ManualTime();
        TlsContext context = TlsContext.open(files, time);
        SSLContext first = context.current();

        Files.writeString(files.key(), "-----BEGIN PRIVATE KEY-----\nMIG");
        time.advance(Duration.ofMinutes(1));
        assertThat(context.current()).isSameAs(first);

        copy(server, files, 3);
        time.advance(Duration.ofMinutes(1));
        assertThat(context.current()).isNotSameAs(first);
    }

    private static void copy(TlsFiles from, TlsFiles to, int minutes) throws IOException {
        FileTime changed =
                FileTime.from(Instant.parse("2026-01-01T00:00:00Z").plusSeconds(60L * minutes));
        for (Path[] pair :
                new Path[][] {
                    {from.authority(), to.authority()},
                    {from.certificate(), to.certificate()},
                    {from.key(), to.key()}
                }) {
            Files.copy(pair[0], pair[1], StandardCopyOption.REPLACE_EXISTING);
            Files.setLastModifiedTime(pair[1], changed);
        }
    }

    @Test
    void filesThatCannotBeUsedAreNamed() throws Exception {
        Path missing = directory.resolve("missing.pem");
        Path empty = Files.writeString(directory.resolve("empty.pem"), "");
        assertUnusable(
                new TlsFiles(missing, server.certificate(), server.key()),
                missing + " does not exist");
        assertUnusable(
                new TlsFiles(empty, server.certificate(), server.key()),
                empty + " holds no certificate");
        assertUnusable(
                new TlsFiles(server.authority(), server.certificate(), server.certificate()),
                server.certificate() + " holds no private key in PKCS #8");
        assertUnusable(
                new TlsFiles(server.authority(), server.certificate(), client.key()),
                "the key in " + client.key() + " is not that of the certificate in ");
        assertUnusable(
                new TlsFiles(server.authority(), server.certificate(), stranger.key()),
                "the key in " + stranger.key() + " is not that of the certificate in ");
    }

    private static void assertUnusable(TlsFiles files, String sentence) {
        assertThatIOException()
                .isThrownBy(() -> TlsContext.open(files, new ManualTime()))
                .withMessageContaining(sentence);
    }
}
