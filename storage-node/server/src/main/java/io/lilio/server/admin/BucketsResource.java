package io.lilio.server.admin;

import io.lilio.admin.api.BucketPage;
import io.lilio.admin.api.BucketStatus;
import io.lilio.admin.api.BucketsApi;
import io.lilio.catalog.bucket.Bucket;
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

    BucketsResource(AdminState state) {
        this.state = state;
    }

    @Override
    public BucketPage list(@Nullable String after, @Nullable String limit) {
        int count = Fields.pageLimit(limit);
        List<Bucket> found = contents().buckets().list(Fields.pageStart(after), count);
        return new BucketPage(
                found.stream().map(this::status).toList(),
                found.size() < count ? null : found.getLast().name());
    }

    @Override
    public BucketStatus get(String name) {
        return status(contents().buckets().get(name));
    }

    private AdminNode.Contents contents() {
        return state.node().contents();
    }

    private BucketStatus status(Bucket bucket) {
        Usage usage = contents().usage().of(bucket.id()).notNegative();
        return new BucketStatus(
                bucket.name(),
                bucket.created(),
                bucket.versioning().name(),
                usage.objects(),
                usage.bytes());
    }
}
