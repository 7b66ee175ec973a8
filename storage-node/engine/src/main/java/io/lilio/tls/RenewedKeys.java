package io.lilio.tls;

import io.lilio.time.Sparingly;
import io.lilio.time.Time;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.X509ExtendedKeyManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What TLS connections begin with: read from files, and read again when these have changed, so that
 * certificates and authorities are renewed without a restart. Connections that are open go on with
 * what they began with. Thread-safe.
 */
public final class RenewedKeys {

    private static final Logger log = LoggerFactory.getLogger(RenewedKeys.class);

    /** How often the files are looked at, when connections are opened. */
    private static final Duration LOOK = Duration.ofSeconds(5);

    private final PemFiles files;
    private final String what;
    private final Sparingly looking;
    private volatile Loaded loaded;

    /** The keys, and the state of the files that they were read from. */
    private record Loaded(TlsKeys keys, List<FileTime> changed) {}

    private RenewedKeys(PemFiles files, String what, Time time, Loaded loaded) {
        this.files = files;
        this.what = what;
        this.looking = new Sparingly(time, LOOK);
        this.loaded = loaded;
    }

    /**
     * @param what they are for, in the log
     * @throws IOException when a file cannot be read or used; the message names it
     */
    public static RenewedKeys open(PemFiles files, String what, Time time) throws IOException {
        return new RenewedKeys(files, what, time, load(files));
    }

    /** What the next connection begins with. Files that are bad leave it as it is. */
    public TlsKeys current() {
        if (looking.now()) {
            reloadIfChanged();
        }
        return loaded.keys();
    }

    /** For whoever takes its keys once and for all: asks {@link #current()} each time. */
    public X509ExtendedKeyManager keyManager() {
        return new RenewedKeyManager(this);
    }

    /** The same for the authorities. */
    public X509ExtendedTrustManager trustManager() {
        return new RenewedTrustManager(this);
    }

    private synchronized void reloadIfChanged() {
        try {
            if (!changed(files).equals(loaded.changed())) {
                loaded = load(files);
                log.info("the certificates for {} were read again", what);
            }
        } catch (IOException e) {
            log.warn(
                    "the certificates for {} have changed, and the ones before stay in use: {}",
                    what,
                    e.getMessage());
        }
    }

    private static Loaded load(PemFiles files) throws IOException {
        // Before the files are read: what changes meanwhile is read again.
        List<FileTime> changed = changed(files);
        return new Loaded(TlsKeys.read(files), changed);
    }

    private static List<FileTime> changed(PemFiles files) throws IOException {
        List<FileTime> times = new ArrayList<>();
        for (Path file : files.all()) {
            if (!Files.isRegularFile(file)) {
                throw new IOException(file + " does not exist");
            }
            times.add(Files.getLastModifiedTime(file));
        }
        return times;
    }
}
