package io.lilio.catalog.bucket;

import io.lilio.ObjectStoreException;
import io.lilio.ObjectStoreException.Kind;
import io.lilio.catalog.Keys;
import io.lilio.metadata.Bytes;
import io.lilio.metadata.KeyValue;
import io.lilio.metadata.MetadataStore;
import io.lilio.metadata.ReadResult;
import io.lilio.metadata.ReadView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/**
 * Reads buckets, by name, in the same read as the keys that depend on their identity. That identity
 * is guessed from a cache and proven by the read; a name that the cache does not know is looked up.
 * So nothing is ever answered from the cache. Thread-safe.
 */
public final class BucketReads {

    private static final int MAX_CACHED = 10_000;
    private static final int MAX_ROUNDS = 10;

    private final MetadataStore store;
    private final Map<String, UUID> identities = new ConcurrentHashMap<>();

    public BucketReads(MetadataStore store) {
        this.store = store;
    }

    /**
     * A bucket and keys of it, linearizable.
     *
     * @param keys of a bucket with that identity; at most 127
     * @throws ObjectStoreException {@code NO_SUCH_BUCKET}
     */
    public BucketRead read(String name, Function<UUID, List<Bytes>> keys) {
        return read(store::read, name, keys);
    }

    /** The same, of a view. */
    public BucketRead read(ReadView view, String name, Function<UUID, List<Bytes>> keys) {
        return read(view::read, name, keys);
    }

    /**
     * A bucket that was seen before, and keys of it, linearizable; empty when it is there no more,
     * whatever has its name now.
     */
    public Optional<BucketRead> readSame(Bucket seen, List<Bytes> keys) {
        BucketRead read = parse(seen.name(), store.read(with(seen.name(), keys))).orElse(null);
        return read != null && read.bucket().id().equals(seen.id())
                ? Optional.of(read)
                : Optional.empty();
    }

    private BucketRead read(
            Function<List<Bytes>, ReadResult> reader,
            String name,
            Function<UUID, List<Bytes>> keys) {
        UUID guess = identities.get(name);
        for (int round = 0; round < MAX_ROUNDS; round++) {
            List<Bytes> wanted = guess == null ? List.of() : keys.apply(guess);
            Optional<BucketRead> read = parse(name, reader.apply(with(name, wanted)));
            if (read.isEmpty()) {
                identities.remove(name);
                throw new ObjectStoreException(
                        Kind.NO_SUCH_BUCKET, "The bucket does not exist: " + name);
            }
            UUID found = read.get().bucket().id();
            if (found.equals(guess)) {
                return read.get();
            }
            guess = found;
            remember(name, found);
        }
        throw new ObjectStoreException(
                Kind.CONFLICT, "The bucket is removed and made again all the time: " + name);
    }

    private void remember(String name, UUID id) {
        if (identities.size() >= MAX_CACHED) {
            identities.clear(); // refilled by one more read each
        }
        identities.put(name, id);
    }

    private static List<Bytes> with(String name, List<Bytes> keys) {
        List<Bytes> all = new ArrayList<>(keys.size() + 1);
        all.add(Keys.bucket(name));
        all.addAll(keys);
        return all;
    }

    private static Optional<BucketRead> parse(String name, ReadResult result) {
        List<Optional<KeyValue>> values = result.values();
        return values.getFirst()
                .map(
                        stored ->
                                new BucketRead(
                                        BucketRecords.decode(stored),
                                        result.revision(),
                                        values.subList(1, values.size())));
    }
}
