package io.lilio.crd.cluster;

import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.generator.annotation.ValidationRule;
import io.fabric8.kubernetes.api.model.Namespaced;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.model.annotation.Categories;
import io.fabric8.kubernetes.model.annotation.Group;
import io.fabric8.kubernetes.model.annotation.ShortNames;
import io.fabric8.kubernetes.model.annotation.Version;
import org.jspecify.annotations.Nullable;

/**
 * An S3-compatible object store: a ring of storage nodes behind one endpoint, with the metadata in
 * etcd.
 */
@Group("lilio.io")
@Version("v1alpha1")
@ShortNames("lc")
@Categories("lilio")
@ValidationRule(
        value =
                "size(self.metadata.name) <= 40 &&"
                        + " self.metadata.name.matches('^[a-z]([-a-z0-9]*[a-z0-9])?$')",
        message =
                "metadata.name has to be at most 40 of a-z, 0-9 and hyphen, and begin with a"
                        + " letter: it is the beginning of the names of Services and Pods, so choose"
                        + " a shorter or simpler one")
@AdditionalPrinterColumn(
        name = "Replicas",
        jsonPath = ".spec.replicas",
        type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
        name = "Up",
        jsonPath = ".status.readyReplicas",
        type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
        name = "Epoch",
        jsonPath = ".status.ringEpoch",
        type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(name = "Version", jsonPath = ".status.version")
@AdditionalPrinterColumn(
        name = "Ready",
        jsonPath = ".status.conditions[?(@.type==\"Ready\")].status")
@AdditionalPrinterColumn(
        name = "Reason",
        jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason")
@AdditionalPrinterColumn(name = "Used", jsonPath = ".status.capacity.used")
@AdditionalPrinterColumn(name = "Total", jsonPath = ".status.capacity.total", priority = 1)
@AdditionalPrinterColumn(name = "Operation", jsonPath = ".status.operation.type", priority = 1)
@AdditionalPrinterColumn(name = "Endpoint", jsonPath = ".status.endpoint", priority = 1)
@AdditionalPrinterColumn(
        name = "Age",
        jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE)
public class LilioCluster extends CustomResource<LilioClusterSpec, LilioClusterStatus>
        implements Namespaced {

    /** Absent until it is set: there is no cluster without a version and a size. */
    @Override
    protected @Nullable LilioClusterSpec initSpec() {
        return null;
    }

    /** Absent until the operator has looked at the cluster. */
    @Override
    protected @Nullable LilioClusterStatus initStatus() {
        return null;
    }
}
