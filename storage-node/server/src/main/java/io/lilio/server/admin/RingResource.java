package io.lilio.server.admin;

import io.lilio.admin.api.RingApi;
import io.lilio.admin.api.RingStatus;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Singleton;

/** The ring. */
@Singleton
@RunOnVirtualThread
final class RingResource implements RingApi {

    private final AdminState state;

    RingResource(AdminState state) {
        this.state = state;
    }

    @Override
    public RingStatus ring() {
        return RingDocument.of(state.node().cluster().ring().refresh());
    }
}
