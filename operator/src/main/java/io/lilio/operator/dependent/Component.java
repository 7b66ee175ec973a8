package io.lilio.operator.dependent;

/** What a pod of a cluster is there for. */
public enum Component {
    STORAGE_NODE("storage-node"),
    ETCD("etcd"),
    /** Carries out one run of maintenance. */
    JOB("job");

    private final String text;

    Component(String text) {
        this.text = text;
    }

    /** The value of the label {@code app.kubernetes.io/component}. */
    String text() {
        return text;
    }
}
