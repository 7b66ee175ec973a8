package io.lilio.operator.dependent;

import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.lilio.crd.cluster.LilioCluster;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The labels of a cluster's objects and pods, and how pods are selected by them. */
public final class Labels {

    /** The label that all objects and pods of a cluster carry, with its name. */
    public static final String CLUSTER = "lilio.io/cluster";

    private static final String NAME = "app.kubernetes.io/name";
    private static final String INSTANCE = "app.kubernetes.io/instance";
    private static final String COMPONENT = "app.kubernetes.io/component";
    private static final String MANAGED_BY = "app.kubernetes.io/managed-by";
    private static final String OPERATOR = "lilio-operator";

    private Labels() {}

    /** What an object or pod carries. */
    static SortedMap<String, String> of(LilioCluster cluster, Component component) {
        SortedMap<String, String> labels = selecting(cluster, component);
        labels.put(MANAGED_BY, OPERATOR);
        labels.put("app.kubernetes.io/part-of", "lilio");
        labels.put(CLUSTER, Names.of(cluster).cluster());
        return labels;
    }

    /**
     * What all objects, pods and volumes of a cluster carry that the operator has made, and nobody
     * else's do who names the cluster.
     */
    public static Map<String, String> made(Names names) {
        return Map.of(CLUSTER, names.cluster(), MANAGED_BY, OPERATOR);
    }

    /** The smallest set by which the pods of a component are found; never changed. */
    public static SortedMap<String, String> selecting(LilioCluster cluster, Component component) {
        SortedMap<String, String> labels = new TreeMap<>();
        labels.put(NAME, "lilio");
        labels.put(INSTANCE, Names.of(cluster).cluster());
        labels.put(COMPONENT, component.text());
        return labels;
    }

    /** The same as a selector. */
    static LabelSelector selector(LilioCluster cluster, Component component) {
        return selector(selecting(cluster, component));
    }

    /** Whatever carries all of some labels. */
    static LabelSelector selector(Map<String, String> labels) {
        return new LabelSelectorBuilder().withMatchLabels(labels).build();
    }

    /** What selects the storage pods, as status tells it: {@code a=b,c=d}. */
    public static String selectorText(LilioCluster cluster) {
        return selecting(cluster, Component.STORAGE_NODE).entrySet().stream()
                .map(label -> label.getKey() + "=" + label.getValue())
                .collect(Collectors.joining(","));
    }
}
