package io.lilio.e2e;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterTestExecutionCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.LifecycleMethodExecutionExceptionHandler;

/**
 * What a class of tests works in: the operator installed, unless that is what it tries, and a
 * namespace of its own, which is removed in the end with all that is in it. Of a test that fails
 * the evidence is kept. With the environment variable {@code KEEP} set, what a failed class left is
 * kept too.
 */
final class Scenario
        implements BeforeAllCallback,
                AfterAllCallback,
                AfterTestExecutionCallback,
                LifecycleMethodExecutionExceptionHandler {

    private final String namespace;
    private final boolean installs;
    private final Deque<Runnable> before = new ArrayDeque<>();
    private final Deque<Runnable> after = new ArrayDeque<>();
    private Kubernetes kubernetes;
    private Installation installation;
    private boolean failed;

    private Scenario(String namespace, boolean installs) {
        this.namespace = namespace;
        this.installs = installs;
    }

    /** One in a namespace of its own. */
    static Scenario named(String name) {
        return new Scenario("e2e-" + name, false);
    }

    /**
     * One in the namespace that kubectl uses when none is named, and without an operator: it is to
     * install that itself.
     */
    static Scenario fromTheBeginning() {
        return new Scenario("default", true);
    }

    Kubernetes kubernetes() {
        return kubernetes;
    }

    Installation installation() {
        return installation;
    }

    String namespace() {
        return namespace;
    }

    /**
     * Something to be put right when the class ends, whatever happened and while its namespace is
     * still there, such as a machine that was stopped; the last one first.
     */
    void putRight(Runnable action) {
        before.push(action);
    }

    /**
     * Something to be removed once the namespace is gone, unless it is kept; the last one first.
     */
    void removeLast(Runnable action) {
        after.push(action);
    }

    /** Another namespace, removed in the end. */
    void makeNamespace(String name) {
        removeNamespace(name);
        kubernetes.kubectl("create", "namespace", name);
        removeLast(() -> removeNamespace(name));
    }

    @Override
    public void beforeAll(ExtensionContext context) {
        kubernetes = Kubernetes.connect();
        installation = new Installation(kubernetes);
        if (!installs || installation.isThere()) {
            installation.ensure();
        }
        removeOwn();
        if (installs && installation.isThere()) {
            installation.uninstall();
        }
        if (!namespace.equals("default")) {
            kubernetes.kubectl("create", "namespace", namespace);
        }
    }

    @Override
    public void afterTestExecution(ExtensionContext context) {
        context.getExecutionException()
                .ifPresent(
                        thrown ->
                                collect(
                                        context.getRequiredTestClass().getSimpleName()
                                                + "."
                                                + context.getRequiredTestMethod().getName(),
                                        thrown));
    }

    @Override
    public void handleBeforeAllMethodExecutionException(ExtensionContext context, Throwable thrown)
            throws Throwable {
        collect(context.getRequiredTestClass().getSimpleName(), thrown);
        throw thrown;
    }

    /** At once: Surefire tells what was thrown only when all of the class have run. */
    private void collect(String test, Throwable thrown) {
        failed = true;
        Path file = Evidence.collect(kubernetes, namespace, test);
        System.err.printf(
                "%s failed: %s%n%n%s%nMore of it is in %s%n",
                test, thrown, Evidence.conditions(kubernetes, namespace), file);
    }

    @Override
    public void afterAll(ExtensionContext context) {
        if (kubernetes == null) {
            return;
        }
        try (Kubernetes closed = kubernetes) {
            List<Runnable> all = new ArrayList<>(before);
            if (!failed || System.getenv().getOrDefault("KEEP", "").isEmpty()) {
                all.add(this::removeOwn);
                all.addAll(after);
            }
            runAll(all);
        }
    }

    private void removeOwn() {
        if (namespace.equals("default")) {
            removeContents(namespace);
        } else {
            removeNamespace(namespace);
        }
    }

    /** Each of them, whatever becomes of those before. */
    private static void runAll(List<Runnable> actions) {
        AssertionError failures = new AssertionError("not everything could be put right");
        for (Runnable action : actions) {
            try {
                action.run();
            } catch (RuntimeException | AssertionError e) {
                failures.addSuppressed(e);
            }
        }
        if (failures.getSuppressed().length > 0) {
            throw failures;
        }
    }

    /** Removes a namespace that may be there, and waits until it is gone. */
    void removeNamespace(String name) {
        if (kubernetes.client().namespaces().withName(name).get() == null) {
            return;
        }
        removeContents(name);
        kubernetes.kubectl("delete", "namespace", name, "--wait=false");
        kubernetes
                .client()
                .namespaces()
                .withName(name)
                .waitUntilCondition(gone -> gone == null, 5, TimeUnit.MINUTES);
    }

    /** Buckets first, and then clusters, so that nobody waits for what is gone; then volumes. */
    private void removeContents(String name) {
        for (String kind : List.of("liliobuckets", "lilioclusters")) {
            kubernetes.attempt(
                    "delete", kind, "--all", "-n", name, "--ignore-not-found", "--timeout=3m");
        }
        for (String label : List.of("lilio.io/cluster", "lilio-e2e")) {
            kubernetes.attempt(
                    "delete",
                    "pods,services,persistentvolumeclaims",
                    "-l",
                    label,
                    "-n",
                    name,
                    "--timeout=3m");
        }
    }
}
