package io.lilio;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The engine's layers, told as absences: what may not know what. */
class ArchitectureTest {

    /** For each package of the engine, all those that it may know. Arrows only downwards. */
    private static final Map<String, Set<String>> MAY_KNOW =
            Map.of(
                    "engine",
                            Set.of(
                                    "object",
                                    "maintenance",
                                    "catalog",
                                    "replication",
                                    "metadata",
                                    "placement",
                                    "chunk"),
                    "object", Set.of("catalog", "replication", "metadata", "placement", "chunk"),
                    "maintenance",
                            Set.of("catalog", "replication", "metadata", "placement", "chunk"),
                    "catalog", Set.of("metadata", "placement", "chunk"),
                    "replication", Set.of("placement", "chunk"),
                    "metadata", Set.of(),
                    "placement", Set.of(),
                    "chunk", Set.of(),
                    "digest", Set.of(),
                    "tls", Set.of());

    /** Known to all: they know nobody. */
    private static final Set<String> COMMON = Set.of("time", "digest", "rocks", "files", "tls");

    private static final JavaClasses ENGINE =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages("io.lilio");

    @Test
    void everyPackageKnowsOnlyThoseBelowIt() {
        for (String layer : MAY_KNOW.keySet()) {
            noClasses()
                    .that()
                    .resideInAPackage("io.lilio." + layer + "..")
                    .should()
                    .dependOnClassesThat(
                            new DescribedPredicate<JavaClass>(
                                    "are in a package above or beside " + layer) {
                                @Override
                                public boolean test(JavaClass other) {
                                    String its = layerOf(other);
                                    return !its.isEmpty()
                                            && !its.equals(layer)
                                            && !COMMON.contains(its)
                                            && !MAY_KNOW.get(layer).contains(its);
                                }
                            })
                    .check(ENGINE);
        }
    }

    @Test
    void everyPackageHasItsPlaceInThePicture() {
        noClasses()
                .should(
                        com.tngtech.archunit.lang.conditions.ArchConditions.be(
                                DescribedPredicate.describe(
                                        "in a package that the picture does not show",
                                        (JavaClass type) -> {
                                            String its = layerOf(type);
                                            return !its.isEmpty()
                                                    && !MAY_KNOW.containsKey(its)
                                                    && !COMMON.contains(its);
                                        })))
                .check(ENGINE);
    }

    @Test
    void theEngineKnowsNoFrameworkAndNoProtocol() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.quarkus..",
                        "io.vertx..",
                        "io.netty..",
                        "jakarta..",
                        "java.net.http..",
                        "io.micrometer..",
                        "io.lilio.server..")
                .check(ENGINE);
    }

    @Test
    void timeComesInThroughConstructors() {
        noClasses()
                .that()
                .resideOutsideOfPackage("io.lilio.time..")
                .should()
                .callMethodWhere(
                        DescribedPredicate.describe(
                                "they read a clock or sleep by themselves",
                                (JavaMethodCall call) -> {
                                    String owner = call.getTargetOwner().getName();
                                    String name = call.getTarget().getName();
                                    return owner.equals(System.class.getName())
                                                    && (name.equals("nanoTime")
                                                            || name.equals("currentTimeMillis"))
                                            || owner.equals(Thread.class.getName())
                                                    && name.equals("sleep")
                                            || owner.equals(Instant.class.getName())
                                                    && name.equals("now");
                                }))
                .check(ENGINE);
    }

    @Test
    void packagesHaveNoCyclesInsideThem() {
        for (String layer : MAY_KNOW.keySet()) {
            slices().matching("io.lilio." + layer + ".(*)..")
                    .should()
                    .beFreeOfCycles()
                    .allowEmptyShould(true)
                    .check(ENGINE);
        }
    }

    /**
     * The first package below io.lilio, or nothing for classes elsewhere and for the root itself.
     */
    private static String layerOf(JavaClass type) {
        String name = type.getPackageName();
        if (!name.startsWith("io.lilio.") || name.startsWith("io.lilio.server")) {
            return "";
        }
        String rest = name.substring("io.lilio.".length());
        int dot = rest.indexOf('.');
        return dot < 0 ? rest : rest.substring(0, dot);
    }
}
