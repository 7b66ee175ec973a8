package io.lilio.operator.admin;

/** What nodes answer. */
final class Documents {

    static final String CLUSTER =
            """
            {"id":"0f2f1d6e-6a0c-4d3e-9a57-3f4f6a1c0001","node":"demo-0","version":"0.1.0",
             "featureLevel":1,"metadata":{"type":"etcd","healthy":true,"revision":42}}
            """;

    static final String BUCKET =
            """
            {"name":"photos","created":"2026-11-30T09:22:00.123Z","versioning":"OFF",
             "objects":3,"bytes":12,"owner":"uid"}
            """;

    static final String KEY =
            """
            {"id":"AK1","role":"read-write","buckets":["photos"],"enabled":true,
             "created":"2026-11-30T09:22:00Z","description":""}
            """;

    static final String NEW_KEY = "{\"key\":" + KEY + ",\"secret\":\"hush\"}";

    static final String OPERATION =
            """
            {"id":"scrub-1","kind":"scrub","state":"REQUESTED","cancelRequested":false,
             "requested":"2026-11-30T09:22:00Z","updated":"2026-11-30T09:22:00Z","message":"",
             "progress":{"partitionsDone":0,"objectsDone":0,"bytesDone":0},"counts":{"read":1}}
            """;

    static final String RING =
            """
            {"revision":9,"epoch":4,"oldestEpoch":4,"partitions":256,"virtualNodes":64,
             "settled":256,"unsettled":0,
             "replication":{"factor":3,"writeQuorum":2,"readQuorum":2,"spread":"HOST",
                            "strictReads":false},
             "members":[{"id":"0f2f1d6e-6a0c-4d3e-9a57-3f4f6a1c0002","name":"disk1",
                         "node":"demo-0","host":"kube-1","zone":"","weight":100,
                         "state":"ACTIVE","partitions":256,"needed":true}],
             "featureLevel":1}
            """;

    static final String RING_CHANGE =
            """
            {"operation":{"id":"0f2f1d6e-6a0c-4d3e-9a57-3f4f6a1c0003","type":"DRAIN","token":7,
                          "targets":["0f2f1d6e-6a0c-4d3e-9a57-3f4f6a1c0002"]},
             "ring":%s}
            """
                    .formatted(RING);

    private Documents() {}

    static String error(String code, String message) {
        return "{\"code\":\"%s\",\"message\":\"%s\",\"requestId\":\"5B0E\"}"
                .formatted(code, message);
    }
}
