package io.lilio.operator.admin;

import io.lilio.admin.api.BucketsApi;
import io.lilio.admin.api.ClusterApi;
import io.lilio.admin.api.KeysApi;
import io.lilio.admin.api.OperationsApi;
import io.lilio.admin.api.RingApi;

/**
 * The admin API of one cluster. Thread-safe. Calls throw {@link AdminApiException} when they are
 * refused, {@link AdminApiUnreachableException} when no node answers or what answers cannot be
 * understood; what was asked for may then have happened or not.
 */
public interface AdminApi {

    ClusterApi cluster();

    /**
     * The cluster as one node sees it; no other is asked when that one does not answer.
     *
     * @param node its place among the nodes that there are, from 0
     */
    ClusterApi clusterSeenBy(int node);

    RingApi ring();

    OperationsApi operations();

    BucketsApi buckets();

    KeysApi keys();
}
