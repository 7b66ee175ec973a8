package io.lilio.operator.kube;

import io.fabric8.kubernetes.api.Pluralize;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.Locale;

/** Where the API server has an object, for requests that fabric8's client cannot make. */
final class ResourcePath {

    private ResourcePath() {}

    /** Such as {@code /apis/apps/v1/namespaces/lab/statefulsets/demo}. */
    static String of(HasMetadata object) {
        String version = object.getApiVersion();
        String namespace = object.getMetadata().getNamespace();
        return (version.contains("/") ? "/apis/" : "/api/")
                + version
                + (namespace == null ? "" : "/namespaces/" + namespace)
                + "/"
                + plural(object)
                + "/"
                + object.getMetadata().getName();
    }

    /** What the kind is called in paths, where nobody is asked for it. */
    static String plural(HasMetadata object) {
        return object instanceof GenericKubernetesResource
                ? Pluralize.toPlural(object.getKind().toLowerCase(Locale.ROOT))
                : object.getPlural();
    }
}
