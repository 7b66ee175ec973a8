package io.lilio.operator.cluster;

import io.lilio.operator.dependent.IngressPolicy;

/**
 * What the operator was started with.
 *
 * @param operator who it is, for NetworkPolicies
 * @param etcdImage the image of managed etcds, etcd 3.5 or newer
 * @param serviceMonitors whether Kubernetes knows ServiceMonitors
 * @param version the operator's own release
 */
public record ClusterSettings(
        IngressPolicy.Operator operator,
        String etcdImage,
        boolean serviceMonitors,
        String version) {}
