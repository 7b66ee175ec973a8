package io.lilio.crd.generate;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fabric8.crd.generator.annotation.AdditionalPrinterColumn;
import io.fabric8.crdv2.generator.CRDGenerator;
import io.fabric8.crdv2.generator.CRDPostProcessor;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.CustomResource;
import io.lilio.crd.bucket.LilioBucket;
import io.lilio.crd.bucket.LilioBucketSpec;
import io.lilio.crd.bucket.LilioBucketStatus;
import io.lilio.crd.cluster.LilioCluster;
import io.lilio.crd.cluster.LilioClusterSpec;
import io.lilio.crd.cluster.LilioClusterStatus;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.StreamSupport;

/**
 * The CustomResourceDefinitions of the classes: what fabric8's generator makes of them, with
 * descriptions from the Javadoc and whatever else it leaves out.
 */
public final class CustomResourceDefinitions {

    /**
     * @param type the class
     * @param spec of its spec
     * @param status of its status
     */
    public record Resource(
            Class<? extends CustomResource<?, ?>> type, Class<?> spec, Class<?> status) {

        /** Such as {@code lilioclusters.lilio.io}. */
        public String name() {
            return CustomResource.getCRDName(type);
        }
    }

    /** Those that there are. */
    public static final List<Resource> RESOURCES =
            List.of(
                    new Resource(
                            LilioCluster.class, LilioClusterSpec.class, LilioClusterStatus.class),
                    new Resource(
                            LilioBucket.class, LilioBucketSpec.class, LilioBucketStatus.class));

    private static final ObjectMapper JSON = new ObjectMapper();

    private final Javadocs javadocs;

    CustomResourceDefinitions(Javadocs javadocs) {
        this.javadocs = javadocs;
    }

    /** The definition of one of {@link #RESOURCES}. */
    ObjectNode of(Resource resource) {
        ObjectNode definition = generate(resource.type());
        ObjectNode version = (ObjectNode) definition.at("/spec/versions/0");
        orderColumns(resource.type(), (ArrayNode) version.get("additionalPrinterColumns"));
        refine(resource, (ObjectNode) version.at("/schema/openAPIV3Schema"));
        return definition;
    }

    private static ObjectNode generate(Class<? extends CustomResource<?, ?>> type) {
        List<ObjectNode> generated = new ArrayList<>();
        CRDPostProcessor collect =
                new CRDPostProcessor() {
                    @Override
                    public HasMetadata process(HasMetadata definition, String version) {
                        generated.add(JSON.valueToTree(definition));
                        return definition;
                    }
                };
        new CRDGenerator()
                .customResourceClasses(List.of(type))
                .withPostProcessor(collect)
                .withOutput(
                        new CRDGenerator.AbstractCRDOutput<ByteArrayOutputStream>() {
                            @Override
                            protected ByteArrayOutputStream createStreamFor(String name) {
                                return new ByteArrayOutputStream();
                            }
                        })
                .generate();
        return generated.getFirst();
    }

    /** As they stand on the class; the generator sorts them. */
    private static void orderColumns(Class<?> type, ArrayNode columns) {
        List<String> order = new ArrayList<>();
        for (var column : type.getAnnotationsByType(AdditionalPrinterColumn.class)) {
            order.add(column.name());
        }
        List<ObjectNode> sorted =
                StreamSupport.stream(columns.spliterator(), false)
                        .map(ObjectNode.class::cast)
                        .sorted(
                                Comparator.comparingInt(
                                        column -> order.indexOf(column.get("name").asText())))
                        .toList();
        columns.removeAll();
        columns.addAll(sorted);
    }

    private void refine(Resource resource, ObjectNode schema) {
        SchemaRefinement refinement = new SchemaRefinement(javadocs);
        schema.put("description", javadocs.of(resource.type()));
        schema.putArray("required").add("spec");
        ObjectNode spec = (ObjectNode) schema.at("/properties/spec");
        spec.put("description", javadocs.of(resource.spec()));
        refinement.refineRecord(spec, resource.spec());
        ObjectNode status = (ObjectNode) schema.at("/properties/status");
        status.put("description", javadocs.of(resource.status()));
        refinement.refineRecord(status, resource.status());
    }
}
