package io.lilio.metadata.etcd;

import io.lilio.tls.PemFiles;
import io.lilio.tls.TestAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import org.bouncycastle.asn1.x509.GeneralName;

/** An authority and what it has signed: for a server on loopback, and for a client. */
public record Certificates(Path authority, PemFiles.Pair server, PemFiles.Pair client) {

    /** Into a directory that is not there yet. */
    public static Certificates make(Path directory) throws IOException, GeneralSecurityException {
        var authority = new TestAuthority(directory, "authority");
        return new Certificates(
                authority.certificate(),
                authority.sign(
                        "server",
                        "EC",
                        new GeneralName(GeneralName.iPAddress, "127.0.0.1"),
                        new GeneralName(GeneralName.dNSName, "localhost")),
                authority.sign("client", "EC"));
    }

    /** Puts these in the place of others. */
    public void copyTo(Certificates others) throws IOException {
        copy(authority, others.authority());
        for (PemFiles.Pair[] pair :
                new PemFiles.Pair[][] {{server, others.server()}, {client, others.client()}}) {
            copy(pair[0].certificate(), pair[1].certificate());
            copy(pair[0].key(), pair[1].key());
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
}
