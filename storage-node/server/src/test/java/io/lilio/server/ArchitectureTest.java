package io.lilio.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.conditions.ArchConditions;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** The server's packages, told as absences: what may not know what. */
class ArchitectureTest {

    private static final String SERVER = "io.lilio.server.";

    /** For each package of the server, all others that it may know; nobody knows bootstrap. */
    private static final Map<String, Set<String>> MAY_KNOW =
            Map.ofEntries(
                    entry(
                            "bootstrap",
                            "s3.operation",
                            "s3.signature",
                            "s3.http",
                            "metrics",
                            "rpc",
                            "admin",
                            "admin.gate"),
                    entry("admin", "admin.gate", "s3.signature"),
                    entry("admin.gate", "s3.signature", "s3.http", "s3.error"),
                    entry("s3.operation", "s3.request", "s3.http", "s3.xml", "s3.error", "s3"),
                    entry("s3.request", "s3.http", "s3.xml", "s3.error", "s3"),
                    entry("s3.signature", "s3.http", "s3.error"),
                    entry("metrics", "s3.http", "rpc"),
                    entry("rpc", "rpc.message"),
                    entry("rpc.message"),
                    entry("s3.http", "s3.xml", "s3.error"),
                    entry("s3.xml", "s3.error"),
                    entry("s3.error", "s3"),
                    entry("s3"));

    private static final JavaClasses CLASSES =
            new ClassFileImporter()
                    .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
                    .importPackages("io.lilio.server");

    @Test
    void everyPackageKnowsOnlyThoseBelowIt() {
        for (String name : MAY_KNOW.keySet()) {
            noClasses()
                    .that(are("in " + name, type -> packageOf(type).equals(name)))
                    .should()
                    .dependOnClassesThat(
                            are(
                                    "in a package above or beside " + name,
                                    other -> {
                                        String its = packageOf(other);
                                        return !its.isEmpty()
                                                && !its.equals(name)
                                                && !MAY_KNOW.get(name).contains(its);
                                    }))
                    .check(CLASSES);
        }
    }

    @Test
    void everyPackageHasItsPlaceInThePicture() {
        noClasses()
                .should(
                        ArchConditions.be(
                                are(
                                        "in a package that the picture does not show",
                                        type -> !MAY_KNOW.containsKey(packageOf(type)))))
                .check(CLASSES);
    }

    @Test
    void onlyBootstrapAndTheAdminApiKnowTheFramework() {
        noClasses()
                .that()
                .resideOutsideOfPackages(SERVER + "bootstrap..", SERVER + "admin..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.quarkus..",
                        "jakarta..",
                        "org.eclipse.microprofile..",
                        "io.smallrye..",
                        "io.lilio.admin.api..")
                .check(CLASSES);
    }

    @Test
    void onlyBootstrapKnowsHowAnEngineIsPutTogether() {
        noClasses()
                .that()
                .resideOutsideOfPackage(SERVER + "bootstrap..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "io.lilio.engine..",
                        "io.lilio.rocks..",
                        "io.lilio.chunk.backend..",
                        "io.lilio.metadata.rocksdb..")
                .check(CLASSES);
    }

    @Test
    void onlyBootstrapAndTheTalkBetweenNodesKnowMembers() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        SERVER + "bootstrap..", SERVER + "rpc..", SERVER + "admin..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.lilio.placement..")
                .check(CLASSES);
    }

    @Test
    void onlyTheEdgesKnowTheNetworkAndTheHttpEdgeKnowsNoObjects() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        SERVER + "s3.http..", SERVER + "bootstrap..", SERVER + "admin..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.vertx..", "io.netty..", "java.net.http..")
                .check(CLASSES);
        noClasses()
                .that()
                .resideInAnyPackage(
                        SERVER + "s3.http..", SERVER + "s3.xml..", SERVER + "s3.signature..")
                .should()
                .dependOnClassesThat(
                        are(
                                "of the engine, but for time",
                                type ->
                                        type.getPackageName().startsWith("io.lilio.")
                                                && !type.getPackageName().equals("io.lilio.time")
                                                && packageOf(type).isEmpty()))
                .check(CLASSES);
    }

    private static Map.Entry<String, Set<String>> entry(String name, String... mayKnow) {
        return Map.entry(name, Set.of(mayKnow));
    }

    private static DescribedPredicate<JavaClass> are(
            String description, Predicate<JavaClass> predicate) {
        return DescribedPredicate.describe(description, predicate);
    }

    /** Below io.lilio.server, with what bootstrap is made of counted to it; empty elsewhere. */
    private static String packageOf(JavaClass type) {
        String name = type.getPackageName();
        if (!name.startsWith(SERVER)) {
            return "";
        }
        String its = name.substring(SERVER.length());
        return its.startsWith("bootstrap.") ? "bootstrap" : its;
    }
}
