package io.lilio.bench.cluster;

import io.lilio.bench.http.LoadGenerator;
import io.lilio.bench.http.PreparedRequest;
import io.lilio.bench.http.RequestSigner;
import io.lilio.bench.http.Workload;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Random;
import java.util.function.LongFunction;
import software.amazon.awssdk.http.SdkHttpMethod;

/**
 * Keys in directories of 1,000 under one prefix, in the bucket of {@code HttpWorkloads}, and the
 * ways to list them. Requests are signed as they are sent.
 */
final class ManyKeys {

    static final int IN_DIRECTORY = 1_000;

    private static final String BUCKET = "/bench";
    private static final int CLIENTS = 64;

    private final RequestSigner signer;
    private final int keys;

    /**
     * @param keys a multiple of 1,000
     */
    ManyKeys(RequestSigner signer, int keys) {
        this.signer = signer;
        this.keys = keys;
    }

    /** Stores them all, empty. */
    void fill(LoadGenerator load) throws IOException, InterruptedException {
        int directories = keys / IN_DIRECTORY;
        // By directory, so that a run is as many requests as clients can share.
        for (int directory = 0; directory < directories; directory++) {
            int at = directory;
            load.run(
                    new Workload(
                            "fill",
                            CLIENTS,
                            (long) CLIENTS * ((IN_DIRECTORY + CLIENTS - 1) / CLIENTS),
                            c -> n -> put(at, (int) (c + n * CLIENTS) % IN_DIRECTORY),
                            0,
                            null));
        }
    }

    private PreparedRequest put(int directory, int key) {
        return signer.sign(
                SdkHttpMethod.PUT,
                BUCKET + "/" + prefix() + directory(directory) + "/" + "%04d".formatted(key),
                "",
                ByteBuffer.allocate(0));
    }

    /** The whole listing in pages of 1,000 keys, one page after the other. */
    Workload all() {
        int pages = keys / IN_DIRECTORY;
        return list(
                "all keys",
                pages,
                n ->
                        n % pages == 0
                                ? ""
                                : "&start-after="
                                        + escaped(prefix() + directory((int) (n % pages) - 1))
                                        + "%2F9999");
    }

    /** A page of directories, each of which skips what is in it. */
    Workload directories(int times) {
        return list("directories", times, n -> "&delimiter=%2F");
    }

    /** A page that is one directory, somewhere. */
    Workload oneDirectory(int times) {
        Random random = new Random(1);
        return new Workload(
                "one directory",
                1,
                times,
                c ->
                        n ->
                                page(
                                        prefix()
                                                + directory(random.nextInt(keys / IN_DIRECTORY))
                                                + "/",
                                        "&delimiter=%2F"),
                0,
                null);
    }

    private Workload list(String name, int pages, LongFunction<String> parameters) {
        return new Workload(name, 1, pages, c -> n -> page(prefix(), parameters.apply(n)), 0, null);
    }

    private PreparedRequest page(String prefix, String parameters) {
        return signer.sign(
                SdkHttpMethod.GET,
                BUCKET,
                "list-type=2&max-keys=1000&prefix=" + escaped(prefix) + parameters,
                ByteBuffer.allocate(0));
    }

    private static String escaped(String text) {
        return text.replace("/", "%2F");
    }

    private String prefix() {
        return "keys-" + keys + "/";
    }

    private static String directory(int number) {
        return "%06d".formatted(number);
    }
}
