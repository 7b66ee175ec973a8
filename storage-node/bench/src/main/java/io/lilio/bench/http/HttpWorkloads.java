package io.lilio.bench.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import software.amazon.awssdk.http.SdkHttpMethod;

/** The workloads of the table, on one bucket. Requests are signed when a workload is made. */
public final class HttpWorkloads {

    private static final String BUCKET = "/bench";

    /** Larger bodies are sent as a stream of blocks that are all the same, unsigned. */
    private static final int STREAMED_BYTES = 16 << 20;

    private static final int BLOCK = 4 << 20;

    /** Keys of one size; enough that caches of single objects do not decide. */
    private static final int KEYS = 512;

    /** Pages in one run of a listing: a short one is listed again and again. */
    private static final int LEAST_PAGES = 200;

    private final RequestSigner signer;
    private final Random random = new Random(1);
    private final ConcurrentMap<String, List<PreparedRequest>> prepared = new ConcurrentHashMap<>();

    /**
     * @param signer signs for whatever they are run against
     */
    public HttpWorkloads(RequestSigner signer) {
        this.signer = signer;
    }

    /** Makes the bucket of all workloads. */
    public void createBucket(KeptAliveConnection connection) throws IOException {
        KeptAliveConnection.Answer answer =
                connection.exchange(
                        signer.sign(SdkHttpMethod.PUT, BUCKET, "", ByteBuffer.allocate(0)));
        if (answer.status() != 200) {
            throw new IOException(answer.head());
        }
    }

    /** Signatures last 15 minutes: called between rows, so that long benchmarks sign anew. */
    public void forgetSignatures() {
        prepared.clear();
    }

    /** Objects of one size, over and over the same keys. */
    public Workload put(int size, int clients, long operations) {
        List<PreparedRequest> requests = requests(SdkHttpMethod.PUT, size);
        return new Workload(
                "PUT " + label(size),
                clients,
                operations,
                c -> n -> pick(requests, c, n),
                size,
                null);
    }

    /** The objects that {@link #put} of that size stores; stored first. */
    public Workload get(int size, int clients, long operations) {
        List<PreparedRequest> requests = requests(SdkHttpMethod.GET, size);
        return new Workload(
                "GET " + label(size),
                clients,
                operations,
                c -> n -> pick(requests, c, n),
                size,
                put(size, 1, requests.size()));
    }

    /**
     * Objects that are not there yet, each once, under keys of their own. Signed as they are sent.
     *
     * @param name begins their keys
     * @param operations how many; divisible by the clients
     */
    public Workload putNew(String name, int size, int clients, int operations) {
        byte[] body = new byte[size];
        random.nextBytes(body);
        return each(SdkHttpMethod.PUT, name, ByteBuffer.wrap(body), size, clients, operations);
    }

    /** Each of these once. */
    public Workload getNew(String name, int size, int clients, int operations) {
        return each(SdkHttpMethod.GET, name, ByteBuffer.allocate(0), size, clients, operations);
    }

    private Workload each(
            SdkHttpMethod method,
            String name,
            ByteBuffer body,
            int size,
            int clients,
            int operations) {
        String prefix = BUCKET + "/" + name + "-" + size + "/";
        return new Workload(
                method + " " + label(size),
                clients,
                operations,
                c -> n -> signer.sign(method, prefix + (c + n * clients), "", body),
                size,
                null);
    }

    private static String label(int size) {
        return size >= 1 << 30
                ? (size >> 30) + " GiB"
                : size >= 1 << 20 ? (size >> 20) + " MiB" : (size >> 10) + " KiB";
    }

    /** Empty objects under one prefix, names in order, to be listed by {@link #list}. */
    private Workload fillForListing(int keys, int clients) {
        List<PreparedRequest> requests = new ArrayList<>();
        for (int i = 0; i < keys; i++) {
            requests.add(
                    signer.sign(SdkHttpMethod.PUT, listed(keys, i), "", ByteBuffer.allocate(0)));
        }
        long each = (long) keys / clients;
        return new Workload(
                "fill", clients, keys, c -> n -> requests.get((int) (c * each + n)), 0, null);
    }

    /** The whole listing in pages of 1,000 keys, one client; {@code keys} is a multiple of that. */
    Workload list(int keys) {
        List<PreparedRequest> pages = new ArrayList<>();
        for (int i = 0; i < keys; i += 1000) {
            String after =
                    i == 0
                            ? ""
                            : "&start-after="
                                    + listed(keys, i - 1)
                                            .substring(BUCKET.length() + 1)
                                            .replace("/", "%2F");
            pages.add(
                    signer.sign(
                            SdkHttpMethod.GET,
                            BUCKET,
                            "list-type=2&max-keys=1000&prefix=list-" + keys + "%2F" + after,
                            ByteBuffer.allocate(0)));
        }
        return new Workload(
                "LIST " + keys,
                1,
                Math.max(LEAST_PAGES, pages.size()),
                c -> n -> pages.get((int) (n % pages.size())),
                0,
                fillForListing(keys, 50));
    }

    private static String listed(int keys, int i) {
        return BUCKET + "/list-" + keys + "/" + String.format("%08d", i);
    }

    private List<PreparedRequest> requests(SdkHttpMethod method, int size) {
        return prepared.computeIfAbsent(
                method + "-" + size,
                name -> {
                    List<PreparedRequest> requests = new ArrayList<>();
                    int keys =
                            size > STREAMED_BYTES
                                    ? 1
                                    : size > 1 << 20 ? 16 : size > 100_000 ? 64 : KEYS;
                    int repeat = size > STREAMED_BYTES ? size / BLOCK : 1;
                    byte[] body = new byte[method == SdkHttpMethod.PUT ? size / repeat : 0];
                    random.nextBytes(body);
                    for (int i = 0; i < keys; i++) {
                        requests.add(
                                signer.sign(
                                        method,
                                        BUCKET + "/size-" + size + "/" + i,
                                        "",
                                        ByteBuffer.wrap(body),
                                        method == SdkHttpMethod.PUT ? repeat : 1));
                    }
                    return requests;
                });
    }

    /** Clients walk the keys from different places, so that they rarely meet on one. */
    private static PreparedRequest pick(List<PreparedRequest> requests, int client, long n) {
        return requests.get((int) ((client * 37L + n) % requests.size()));
    }
}
