package io.lilio.operator.runtime;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;

/** Begins the process. */
@QuarkusMain
public final class Main {

    private Main() {}

    public static void main(String... arguments) {
        Quarkus.run(OperatorProcess.class, arguments);
    }
}
