package io.lilio.server.admin;

import io.lilio.admin.api.BucketPage;
import io.lilio.admin.api.BucketRelease;
import io.lilio.admin.api.BucketRemoval;
import io.lilio.admin.api.BucketRequest;
import io.lilio.admin.api.BucketStatus;
import io.lilio.admin.api.BucketVersioning;
import io.lilio.admin.api.BucketsApi;
import io.lilio.catalog.bucket.Bucket;
import io.lilio.catalog.bucket.Buckets;
import io.lilio.catalog.usage.Usage;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Singleton;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Buckets and how much they hold. */
@Singleton
@RunOnVirtualThread
final class BucketsResource implements BucketsApi {

    private final AdminState state;
    private final CurrentCall call;

    BucketsResource(AdminState state, CurrentCall call) {
        this.state = state;
        this.call = call;
    }

    @Override
    public BucketPage list(@Nullable String after, @Nullable String limit) {
        int count = Fields.pageLimit(limit);
        List<Bucket> found = buckets().list(Fields.pageStart(after), count);
        return new BucketPage(
                found.stream().map(this::status).toList(),
                found.size() < count ? null : found.getLast().name());
    }

    @Override
    public BucketStatus get(String name) {
        return status(buckets().get(name));
    }

    @Override
    public BucketStatus create(@Nullable BucketRequest request) {
        BucketRequest asked = Fields.body(request);
        var claim =
                new Buckets.Claim(
                        BucketFields.name(asked.name()),
                        BucketFields.initialVersioning(asked.versioning()),
                        BucketFields.owner(asked.owner()),
                        Boolean.TRUE.equals(asked.adopt()));
        call.note("bucket " + claim.name() + " for owner " + claim.manager());
        AdminNode.NewBuckets fresh = contents().fresh();
        return status(buckets().claim(claim, fresh.owner(), fresh.chunkSizeBytes()));
    }

    @Override
    public BucketStatus setVersioning(String name, @Nullable BucketVersioning versioning) {
        BucketVersioning asked = Fields.body(versioning);
        return status(
                buckets()
                        .setVersioning(
                                name,
                                BucketFields.versioning(asked.versioning()),
                                BucketFields.owner(asked.owner())));
    }

    @Override
    public BucketStatus release(String name, @Nullable BucketRelease release) {
        return status(buckets().release(name, BucketFields.owner(Fields.body(release).owner())));
    }

    @Override
    public BucketRemoval delete(String name, @Nullable String owner, @Nullable String contents) {
        String asking = BucketFields.owner(owner);
        if (!BucketFields.withContents(contents)) {
            contents().removal().removeEmpty(name, asking);
            return new BucketRemoval(name, true, 0, null);
        }
        Bucket bucket = buckets().get(name);
        var progress = contents().removal().removeWithContents(name, asking);
        call.note("removed " + progress.removed() + " versions, markers and uploads");
        return new BucketRemoval(
                name,
                progress.gone(),
                progress.removed(),
                progress.gone() ? null : usage(bucket).objects());
    }

    private AdminNode.Contents contents() {
        return state.node().contents();
    }

    private Buckets buckets() {
        return contents().buckets();
    }

    private Usage usage(Bucket bucket) {
        return contents().usage().of(bucket.id()).notNegative();
    }

    private BucketStatus status(Bucket bucket) {
        Usage usage = usage(bucket);
        return new BucketStatus(
                bucket.name(),
                bucket.created(),
                bucket.versioning().name(),
                usage.objects(),
                usage.bytes(),
                bucket.managedBy().isEmpty() ? null : bucket.managedBy());
    }
}
