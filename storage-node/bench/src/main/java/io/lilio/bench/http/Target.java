package io.lilio.bench.http;

import java.io.IOException;
import java.net.URI;
import java.util.List;

/** What load is put on: one server process, or several that are a cluster. */
public interface Target {

    /** Where its S3 ports are; clients are dealt out to them in turn. */
    List<URI> endpoints();

    /** CPU time that all its processes have used. */
    double cpuSeconds() throws IOException;
}
