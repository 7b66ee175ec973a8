package io.lilio.crd.bucket;

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
 * A bucket of a LilioCluster, with an access key of its own in a Secret that pods read by {@code
 * envFrom}.
 */
@Group("lilio.io")
@Version("v1alpha1")
@ShortNames("lb")
@Categories("lilio")
@ValidationRule(
        value =
                "(has(self.spec.bucketName) ? self.spec.bucketName : self.metadata.name)"
                        + ".matches('^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$')",
        message =
                "the bucket's name, spec.bucketName or else metadata.name, has to be 3 to 63 of a-z,"
                        + " 0-9, hyphen and dot, and begin and end with a letter or digit: set"
                        + " spec.bucketName to one that is")
@ValidationRule(
        value =
                "!(has(self.spec.bucketName) ? self.spec.bucketName : self.metadata.name)"
                        + ".matches('^(xn--|sthree-|amzn-s3-demo-)|(-s3alias|--ol-s3|\\\\.mrap|--x-s3|--table-s3)$|\\\\.\\\\.|^[0-9]+\\\\.[0-9]+\\\\.[0-9]+\\\\.[0-9]+$')",
        message =
                "the bucket's name, spec.bucketName or else metadata.name, is one of the forms that"
                        + " S3 reserves (two dots in a row, an IP address, xn--, sthree-, amzn-s3-demo-"
                        + " at the beginning, -s3alias, --ol-s3, .mrap, --x-s3, --table-s3 at the end):"
                        + " set spec.bucketName to another one")
@ValidationRule(
        value =
                "(has(self.spec.bucketName) ? self.spec.bucketName : self.metadata.name) =="
                        + " (has(oldSelf.spec.bucketName) ? oldSelf.spec.bucketName :"
                        + " oldSelf.metadata.name)",
        message =
                "spec.bucketName cannot be changed, unset or set later, as it names the bucket: put"
                        + " the former value back, or make another LilioBucket")
@AdditionalPrinterColumn(name = "Cluster", jsonPath = ".spec.clusterRef.name")
@AdditionalPrinterColumn(
        name = "Ready",
        jsonPath = ".status.conditions[?(@.type==\"Ready\")].status")
@AdditionalPrinterColumn(
        name = "Reason",
        jsonPath = ".status.conditions[?(@.type==\"Ready\")].reason")
@AdditionalPrinterColumn(
        name = "Objects",
        jsonPath = ".status.objects",
        type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(
        name = "Bytes",
        jsonPath = ".status.bytes",
        type = AdditionalPrinterColumn.Type.INTEGER)
@AdditionalPrinterColumn(name = "Bucket", jsonPath = ".spec.bucketName", priority = 1)
@AdditionalPrinterColumn(name = "Secret", jsonPath = ".status.secret", priority = 1)
@AdditionalPrinterColumn(name = "Endpoint", jsonPath = ".status.endpoint", priority = 1)
@AdditionalPrinterColumn(
        name = "Age",
        jsonPath = ".metadata.creationTimestamp",
        type = AdditionalPrinterColumn.Type.DATE)
public class LilioBucket extends CustomResource<LilioBucketSpec, LilioBucketStatus>
        implements Namespaced {

    /** Absent until it is set: there is no bucket without a cluster. */
    @Override
    protected @Nullable LilioBucketSpec initSpec() {
        return null;
    }

    /** Absent until the operator has looked at the bucket. */
    @Override
    protected @Nullable LilioBucketStatus initStatus() {
        return null;
    }
}
