package io.lilio.maintenance.run;

import io.lilio.catalog.usage.UsageRecords;

/** Writes what this node has counted of each bucket's usage. */
public final class UsageFlush implements MaintenanceTask {

    private final UsageRecords usage;

    public UsageFlush(UsageRecords usage) {
        this.usage = usage;
    }

    @Override
    public TaskKind kind() {
        return TaskKind.USAGE;
    }

    @Override
    public void run(Run run) {
        usage.flush();
    }
}
