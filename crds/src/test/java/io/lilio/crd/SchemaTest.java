package io.lilio.crd;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;

/** What holds of every field of both definitions. */
class SchemaTest {

    static final List<Path> FILES = List.of(Definitions.CLUSTERS, Definitions.BUCKETS);

    /** Fields whose inside is Kubernetes' and described there. */
    private static final Pattern INSIDE_KUBERNETES_TYPES =
            Pattern.compile(
                    ".*(affinity|tolerations\\[]|topologySpreadConstraints\\[]|securityContext"
                            + "|resources|pullSecrets\\[])[.\\[{].*");

    @ParameterizedTest
    @FieldSource("FILES")
    void everyFieldHasADescription(Path file) {
        assertThat(Definitions.schema(file).path("description").asText()).isNotEmpty();
        assertNone(
                file,
                (path, schema) ->
                        !path.endsWith("[]")
                                && !path.endsWith("{}")
                                && !INSIDE_KUBERNETES_TYPES.matcher(path).matches()
                                && !schema.path("description").asText().matches("(?s)[A-Z`].*\\."));
    }

    @ParameterizedTest
    @FieldSource("FILES")
    void everyTextListAndMapHasABound(Path file) {
        assertNone(
                file,
                (path, schema) ->
                        switch (schema.path("type").asText()) {
                            case "string" ->
                                    !schema.has("maxLength")
                                            && !schema.has("enum")
                                            && !schema.path("format").asText().equals("date-time");
                            case "array" -> !schema.has("maxItems");
                            case "object" ->
                                    schema.has("additionalProperties")
                                            && !schema.has("maxProperties");
                            case "" -> !schema.path("x-kubernetes-int-or-string").asBoolean();
                            default -> false;
                        });
    }

    @ParameterizedTest
    @FieldSource("FILES")
    void everyNumberHasALeastAndInTheSpecAMost(Path file) {
        assertNone(
                file,
                (path, schema) ->
                        schema.path("type").asText().equals("integer")
                                && !(schema.has("minimum")
                                        && (schema.has("maximum") || path.startsWith("status"))));
    }

    @ParameterizedTest
    @FieldSource("FILES")
    void anEmptyTextIsNoValue(Path file) {
        assertNone(
                file,
                (path, schema) ->
                        path.startsWith("spec")
                                && !INSIDE_KUBERNETES_TYPES.matcher(path).matches()
                                && !path.endsWith("{}")
                                && schema.path("type").asText().equals("string")
                                && !schema.has("enum")
                                && !schema.has("minLength"));
    }

    @ParameterizedTest
    @FieldSource("FILES")
    void everyRuleSaysWhatToDoInOneLine(Path file) {
        assertThat(Definitions.rules(Definitions.schema(file)))
                .isNotEmpty()
                .allSatisfy(
                        rule ->
                                assertThat(rule.path("message").asText())
                                        .hasSizeLessThan(500)
                                        .doesNotContain("\n")
                                        .matches(
                                                ".*\\b(set|put|raise|make|leave|choose|name)\\b.*"));
    }

    @ParameterizedTest
    @FieldSource("FILES")
    void conditionsAreMergedByTheirType(Path file) {
        JsonNode conditions =
                Definitions.schema(file).at("/properties/status/properties/conditions");
        assertThat(conditions.path("x-kubernetes-list-type").asText()).isEqualTo("map");
        assertThat(conditions.at("/x-kubernetes-list-map-keys/0").asText()).isEqualTo("type");
        assertThat(conditions.at("/items/properties").has("observedGeneration")).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "lilioclusters.lilio.io.yaml, replication.factor",
        "lilioclusters.lilio.io.yaml, ring.partitions",
        "lilioclusters.lilio.io.yaml, ring.virtualNodes",
        "lilioclusters.lilio.io.yaml, metadata.etcd",
        "lilioclusters.lilio.io.yaml, metadata.etcd.prefix",
        "lilioclusters.lilio.io.yaml, metadata.managed.storage",
        "lilioclusters.lilio.io.yaml, storage.storageClassName",
        "lilioclusters.lilio.io.yaml, storage.volumesPerNode",
        "lilioclusters.lilio.io.yaml, storage.size",
        "liliobuckets.lilio.io.yaml, spec.bucketName",
        "liliobuckets.lilio.io.yaml, clusterRef.name",
        "liliobuckets.lilio.io.yaml, clusterRef.__namespace__",
    })
    void whatIsFixedIsComparedWithWhatItWas(Path file, String field) {
        JsonNode schema = Definitions.schema(file);
        List<JsonNode> where = new ArrayList<>(); // where nobody can leave out a parent
        schema.path("x-kubernetes-validations").forEach(where::add);
        schema.at("/properties/spec/x-kubernetes-validations").forEach(where::add);
        assertThat(where)
                .anySatisfy(
                        rule ->
                                assertThat(rule.path("rule").asText())
                                        .containsPattern(
                                                "\\bself\\." + Pattern.quote(field) + "\\b")
                                        .containsPattern(
                                                "\\boldSelf\\." + Pattern.quote(field) + "\\b"));
    }

    @Test
    void aRebalanceTakesNoScheduleSinceItWouldBeIgnored() {
        JsonNode rules =
                Definitions.schema(Definitions.CLUSTERS)
                        .at("/properties/spec/properties/jobs/x-kubernetes-validations");
        assertThat(rules)
                .anySatisfy(
                        rule ->
                                assertThat(rule.path("rule").asText())
                                        .contains("!has(self.rebalance.schedule)"));
    }

    @Test
    void quorumsHaveNoDefault() {
        JsonNode replication =
                Definitions.schema(Definitions.CLUSTERS)
                        .at("/properties/spec/properties/replication/properties");
        assertThat(replication.path("writeQuorum").has("default")).isFalse();
        assertThat(replication.path("readQuorum").has("default")).isFalse();
        assertThat(replication.at("/factor/default").asInt()).isEqualTo(3);
    }

    @Test
    void whatHasDefaultsInsideIsThereByDefault() {
        for (Path file : FILES) {
            Map<String, JsonNode> all = Definitions.below(Definitions.schema(file));
            Set<String> required = required(Definitions.schema(file));
            assertThat(all.entrySet())
                    .as("a parent that may be absent leaves immutable fields of it uncompared")
                    .filteredOn(each -> each.getValue().has("properties"))
                    .filteredOn(
                            each ->
                                    each.getKey()
                                            .matches(
                                                    "spec\\.(replication|ring|storage|s3|credentials|image)"))
                    .allMatch(
                            each ->
                                    each.getValue().path("default").isObject()
                                            || required.contains(each.getKey()));
        }
    }

    private static Set<String> required(JsonNode schema) {
        Set<String> paths = new TreeSet<>();
        Definitions.below(schema)
                .forEach(
                        (path, each) ->
                                each.path("required")
                                        .forEach(name -> paths.add(path + "." + name.asText())));
        return paths;
    }

    @ParameterizedTest
    @CsvSource({
        "lilioclusters.lilio.io.yaml, lc, 'Replicas Up Epoch Version Ready Reason Used Age'",
        "liliobuckets.lilio.io.yaml, lb, 'Cluster Ready Reason Objects Bytes Age'",
    })
    void namesAndColumnsAreThoseThatPeopleType(Path file, String shortName, String columns) {
        JsonNode names = Definitions.read(file).at("/spec/names");
        assertThat(names.at("/shortNames/0").asText()).isEqualTo(shortName);
        assertThat(names.at("/categories/0").asText()).isEqualTo("lilio");
        List<String> shown = new ArrayList<>();
        for (JsonNode column : Definitions.version(file).path("additionalPrinterColumns")) {
            if (column.path("priority").asInt() == 0) {
                shown.add(column.path("name").asText());
            }
        }
        assertThat(String.join(" ", shown)).isEqualTo(columns);
    }

    @ParameterizedTest
    @FieldSource("FILES")
    void columnsShowFieldsThatThereAre(Path file) {
        Set<String> fields = Definitions.below(Definitions.schema(file)).keySet();
        for (JsonNode column : Definitions.version(file).path("additionalPrinterColumns")) {
            String path = column.path("jsonPath").asText().substring(1).replaceAll("\\[.*]", "[]");
            assertThat(path.startsWith("metadata.") || fields.contains(path)).as(path).isTrue();
        }
    }

    @Test
    void clustersAreScaledAndBothHaveAStatusOfTheirOwn() {
        JsonNode subresources = Definitions.version(Definitions.CLUSTERS).path("subresources");
        assertThat(subresources.at("/scale/specReplicasPath").asText()).isEqualTo(".spec.replicas");
        assertThat(subresources.at("/scale/statusReplicasPath").asText())
                .isEqualTo(".status.replicas");
        assertThat(subresources.at("/scale/labelSelectorPath").asText())
                .isEqualTo(".status.selector");
        assertThat(subresources.has("status")).isTrue();
        assertThat(Definitions.version(Definitions.BUCKETS).path("subresources").has("status"))
                .isTrue();
    }

    private static void assertNone(Path file, BiPredicate<String, JsonNode> wrong) {
        List<String> found = new ArrayList<>();
        Definitions.below(Definitions.schema(file))
                .forEach(
                        (path, schema) -> {
                            if (wrong.test(path, schema)) {
                                found.add(path + " " + schema);
                            }
                        });
        assertThat(found).isEmpty();
    }
}
