package io.lilio.operator;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * What the operator's packages may know; whatever a package is not said to know here, it does not.
 */
class ArchitectureTest {

    private static final String OPERATOR = "io.lilio.operator.";

    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages("io.lilio.operator");

    @Test
    void plansKnowWhatTheAdminApiAnswersAndNothingOfKubernetes() {
        only("plan", "io.lilio.admin.api..");
    }

    @Test
    void dependentsKnowResourcesAndModelsAndNobodyWhoTalksToKubernetes() {
        only(
                "dependent",
                "io.lilio.crd..",
                "io.fabric8.kubernetes.api.model..",
                "io.fabric8.kubernetes.api.builder..",
                // Texts of objects, no client.
                "io.fabric8.kubernetes.client.utils..");
    }

    @Test
    void whoCallsNodesKnowsNothingOfKubernetes() {
        only(
                "admin",
                "io.lilio.admin.api..",
                "com.fasterxml.jackson..",
                "feign..",
                "jakarta.ws.rs..",
                "software.amazon.awssdk..");
    }

    @Test
    void whoCallsKubernetesKnowsNothingOfLilio() {
        only("kube", "io.fabric8..", "org.slf4j..");
    }

    /** So that the simulation can run them: no client, no framework. */
    @Test
    void passesKnowKubernetesAndNodesByTheirNarrowInterfacesAlone() {
        only(
                "cluster",
                "io.lilio.crd..",
                "io.lilio.admin.api..",
                OPERATOR + "admin..",
                OPERATOR + "dependent..",
                OPERATOR + "kube..",
                OPERATOR + "plan..",
                "io.fabric8.kubernetes.api..",
                "io.fabric8.kubernetes.client",
                "io.fabric8.kubernetes.client.utils..",
                "org.slf4j..");
        only(
                "bucket",
                "io.lilio.crd..",
                "io.lilio.admin.api..",
                OPERATOR + "admin..",
                OPERATOR + "cluster..",
                OPERATOR + "kube..",
                "io.fabric8.kubernetes.api..",
                "io.fabric8.kubernetes.client",
                "org.slf4j..");
    }

    @Test
    void theFrameworksAreKnownAtTheEdgeAlone() {
        noClasses()
                .that()
                .resideOutsideOfPackage(OPERATOR + "runtime..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.quarkus..",
                        "io.javaoperatorsdk..",
                        "io.micrometer..",
                        "jakarta.enterprise..",
                        "jakarta.inject..",
                        OPERATOR + "runtime..")
                .check(CLASSES);
    }

    @Test
    void everyPackageHasItsRule() {
        classes()
                .should()
                .resideInAnyPackage(
                        Stream.of(
                                        "admin",
                                        "bucket",
                                        "cluster",
                                        "dependent",
                                        "kube",
                                        "plan",
                                        "runtime")
                                .map(name -> OPERATOR + name + "..")
                                .toArray(String[]::new))
                .check(CLASSES);
    }

    private static void only(String name, String... known) {
        String[] all = new String[known.length + 3];
        all[0] = OPERATOR + name + "..";
        all[1] = "java..";
        all[2] = "org.jspecify..";
        System.arraycopy(known, 0, all, 3, known.length);
        classes()
                .that()
                .resideInAPackage(OPERATOR + name + "..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(all)
                .check(CLASSES);
    }
}
