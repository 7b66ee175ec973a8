package io.lilio.operator.dependent;

import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.lilio.crd.cluster.LilioCluster;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Tells the templates of storage pods apart: two are the same when pods made from them would be,
 * and would read the same settings. It is a digest of both, with the fields of all objects in
 * order, so that neither the order in which they are written down nor anything of the operator's
 * counts.
 */
public final class TemplateIdentity {

    /** The annotation by which a pod tells the template that it was made from. */
    public static final String ANNOTATION = "lilio.io/template";

    private static final int DIGITS = 20;

    /** Making one takes longer than all the rest. */
    private static final KubernetesSerialization JSON = new KubernetesSerialization();

    private TemplateIdentity() {}

    /**
     * Of the template that follows from a resource.
     *
     * @param etcdCertificate as in {@link StorageNodeConfig#of}
     * @return 20 hexadecimal digits
     */
    public static String of(LilioCluster cluster, boolean etcdCertificate) {
        return of(
                StorageNodeTemplate.of(cluster),
                StorageNodeConfig.settings(cluster, etcdCertificate));
    }

    /**
     * @param template without the annotation
     */
    static String of(PodTemplateSpec template, Map<String, Object> settings) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("settings", settings);
        all.put("template", JSON.convertValue(template, Map.class));
        String text = JSON.asJson(FieldOrder.of(all));
        return Digests.sha256(text.getBytes(StandardCharsets.UTF_8)).substring(0, DIGITS);
    }
}
