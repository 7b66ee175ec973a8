package io.lilio.operator.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What the chart makes, as helm renders it: the operator's rights and its settings.
 *
 * @param namespace of the release, the only one that the operator looks after
 * @param objects all of them
 */
record Chart(String namespace, List<HasMetadata> objects) {

    private static final Path SOURCES = repository().resolve("helm/lilio");

    /** Where the sources are: tests run in one of its directories. */
    static Path repository() {
        return Path.of("").toAbsolutePath().getParent();
    }

    /** The definitions of the resources, one document each. */
    static List<String> definitions() {
        try (Stream<Path> files = Files.list(SOURCES.resolve("files/crds"))) {
            List<String> definitions = new ArrayList<>();
            for (Path file : files.sorted().toList()) {
                definitions.add(Files.readString(file));
            }
            return definitions;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Renders it for a namespace. helm has to be on the PATH. */
    static Chart render(String namespace) {
        List<HasMetadata> objects = new ArrayList<>();
        KubernetesSerialization yaml = new KubernetesSerialization();
        for (String document : helm(namespace).split("(?m)^---$")) {
            if (document.contains("\nkind: ")) {
                objects.add(yaml.unmarshal(document));
            }
        }
        assertThat(objects).as("objects that the chart makes").isNotEmpty();
        return new Chart(namespace, List.copyOf(objects));
    }

    private static String helm(String namespace) {
        try {
            Process helm =
                    new ProcessBuilder(
                                    "helm",
                                    "template",
                                    "lilio",
                                    SOURCES.toString(),
                                    "--namespace",
                                    namespace,
                                    "--set",
                                    "crds.install=false,rbac.aggregate=false,watchNamespaces={"
                                            + namespace
                                            + "}")
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start();
            String rendered =
                    new String(helm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(helm.waitFor()).as("helm template").isZero();
            return rendered;
        } catch (IOException e) {
            throw new AssertionError("helm has to be on the PATH, to render the chart", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    <T extends HasMetadata> List<T> all(Class<T> kind) {
        return objects.stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    /** As whom the operator runs. */
    String serviceAccount() {
        return all(ServiceAccount.class).getFirst().getMetadata().getName();
    }

    /**
     * The environment of the operator's container.
     *
     * @param pod the name of its pod
     */
    Map<String, String> environment(String pod) {
        Map<String, String> environment = new LinkedHashMap<>();
        for (EnvVar variable :
                all(Deployment.class)
                        .getFirst()
                        .getSpec()
                        .getTemplate()
                        .getSpec()
                        .getContainers()
                        .getFirst()
                        .getEnv()) {
            environment.put(variable.getName(), value(variable, pod));
        }
        return environment;
    }

    private String value(EnvVar variable, String pod) {
        if (variable.getValueFrom() == null) {
            return variable.getValue();
        }
        String field = variable.getValueFrom().getFieldRef().getFieldPath();
        return switch (field) {
            case "metadata.namespace" -> namespace;
            case "metadata.name" -> pod;
            default -> throw new AssertionError("the chart asks for " + field);
        };
    }

    /** Roles, bindings and the ServiceAccount: what has to be there before it starts. */
    List<HasMetadata> rights() {
        List<String> kinds =
                Arrays.asList(
                        "ServiceAccount",
                        "Role",
                        "RoleBinding",
                        "ClusterRole",
                        "ClusterRoleBinding");
        return objects.stream().filter(each -> kinds.contains(each.getKind())).toList();
    }

    /** The same chart with fewer rights. */
    Chart without(Right right) {
        return new Chart(
                namespace, objects.stream().map(each -> Right.without(each, right)).toList());
    }
}
