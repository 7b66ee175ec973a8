package io.lilio.operator.simulation;

import io.lilio.admin.api.BucketPage;
import io.lilio.admin.api.BucketRelease;
import io.lilio.admin.api.BucketRemoval;
import io.lilio.admin.api.BucketRequest;
import io.lilio.admin.api.BucketStatus;
import io.lilio.admin.api.BucketVersioning;
import io.lilio.admin.api.BucketsApi;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Buckets in memory, with owners as docs/admin.md describes them. Not thread-safe. */
public final class FakeBuckets implements BucketsApi {

    private static final Instant CREATED = Instant.parse("2026-01-01T00:00:00Z");

    private final SortedMap<String, BucketStatus> buckets = new TreeMap<>();
    private final AdminFaults faults;
    private long removedPerCall = Long.MAX_VALUE;

    FakeBuckets(AdminFaults faults) {
        this.faults = faults;
    }

    /** How a bucket is, if there is one; not counted as a read. */
    public Optional<BucketStatus> peek(String name) {
        return Optional.ofNullable(buckets.get(name));
    }

    /** Puts a bucket there as somebody else would have made or changed it. */
    public void put(String name, @Nullable String owner, long objects, long bytes) {
        String versioning = peek(name).map(BucketStatus::versioning).orElse("OFF");
        buckets.put(name, new BucketStatus(name, CREATED, versioning, objects, bytes, owner));
    }

    /** Loses all of them, as empty metadata would. */
    public void clear() {
        buckets.clear();
    }

    /** How many objects one call of {@code contents=delete} removes at most. */
    public void setRemovedPerCall(long objects) {
        removedPerCall = objects;
    }

    @Override
    public BucketPage list(@Nullable String after, @Nullable String limit) {
        faults.reading();
        return new BucketPage(new ArrayList<>(buckets.values()), null);
    }

    @Override
    public BucketStatus get(String name) {
        faults.reading();
        return found(name);
    }

    @Override
    public BucketStatus create(@Nullable BucketRequest request) {
        faults.writing();
        BucketRequest asked = Objects.requireNonNull(request);
        String name = Objects.requireNonNull(asked.name());
        String owner = Objects.requireNonNull(asked.owner());
        @Nullable BucketStatus there = buckets.get(name);
        if (there == null) {
            String versioning = Objects.requireNonNullElse(asked.versioning(), "OFF");
            return store(new BucketStatus(name, CREATED, versioning, 0, 0, owner));
        }
        if (owner.equals(there.owner())) {
            return there;
        }
        if (there.owner() != null) {
            throw AdminFaults.refusal(409, "BucketOwnedByAnother");
        }
        if (!Boolean.TRUE.equals(asked.adopt())) {
            throw AdminFaults.refusal(409, "BucketExists");
        }
        return store(with(there, there.versioning(), owner));
    }

    @Override
    public BucketStatus setVersioning(String name, @Nullable BucketVersioning versioning) {
        faults.writing();
        BucketVersioning asked = Objects.requireNonNull(versioning);
        BucketStatus there = owned(name, asked.owner());
        return store(with(there, Objects.requireNonNull(asked.versioning()), there.owner()));
    }

    @Override
    public BucketStatus release(String name, @Nullable BucketRelease release) {
        faults.writing();
        BucketStatus there = found(name);
        if (there.owner() == null) {
            return there;
        }
        owned(name, Objects.requireNonNull(release).owner());
        return store(with(there, there.versioning(), null));
    }

    @Override
    public BucketRemoval delete(String name, @Nullable String owner, @Nullable String contents) {
        faults.writing();
        BucketStatus there = owned(name, owner);
        if (!"delete".equals(contents) && there.objects() > 0) {
            throw AdminFaults.refusal(409, "BucketNotEmpty");
        }
        long removed = Math.min(there.objects(), removedPerCall);
        long left = there.objects() - removed;
        if (left == 0) {
            buckets.remove(name);
        } else {
            put(name, owner, left, there.bytes());
        }
        faults.written();
        return new BucketRemoval(name, left == 0, removed, left == 0 ? null : left);
    }

    private BucketStatus owned(String name, @Nullable String owner) {
        BucketStatus there = found(name);
        if (!Objects.equals(there.owner(), owner)) {
            throw AdminFaults.refusal(409, "BucketOwnedByAnother");
        }
        return there;
    }

    private BucketStatus found(String name) {
        return peek(name).orElseThrow(() -> AdminFaults.refusal(404, "NoSuchBucket"));
    }

    private BucketStatus store(BucketStatus bucket) {
        buckets.put(bucket.name(), bucket);
        faults.written();
        return bucket;
    }

    private static BucketStatus with(
            BucketStatus bucket, String versioning, @Nullable String owner) {
        return new BucketStatus(
                bucket.name(),
                bucket.created(),
                versioning,
                bucket.objects(),
                bucket.bytes(),
                owner);
    }

    /** All of them; not counted as a read. */
    public List<BucketStatus> all() {
        return List.copyOf(buckets.values());
    }
}
