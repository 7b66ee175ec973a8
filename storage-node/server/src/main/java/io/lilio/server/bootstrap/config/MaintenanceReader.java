package io.lilio.server.bootstrap.config;

import io.lilio.maintenance.MaintenanceSettings;
import io.lilio.maintenance.MaintenanceSettings.Timing;
import io.lilio.maintenance.brake.BrakeSettings;
import io.lilio.maintenance.brake.Engagement;
import io.lilio.maintenance.collect.CollectionSettings;
import io.lilio.maintenance.run.PaceSettings;
import io.lilio.maintenance.run.TaskKind;
import io.lilio.server.bootstrap.config.NodeSettings.Upkeep;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Turns the texts of {@link MaintenanceConfig} into checked settings. */
final class MaintenanceReader {

    private static final String PREFIX = "lilio.maintenance.";
    private static final int MANY = 1_000_000_000;

    private final MaintenanceConfig config;
    private final MaintenanceSettings usual = MaintenanceSettings.defaults();

    private MaintenanceReader(MaintenanceConfig config) {
        this.config = config;
    }

    /**
     * @throws InvalidSettingException for the first value that cannot be used
     */
    static Upkeep read(MaintenanceConfig config) {
        var reader = new MaintenanceReader(config);
        return new Upkeep(reader.settings(), reader.acknowledge());
    }

    private MaintenanceSettings settings() {
        return new MaintenanceSettings(
                timetable(),
                brake(),
                collection(),
                setting("unconfirmed-age", config.unconfirmedAge())
                        .map(age -> age.time(Duration.ofSeconds(1), Duration.ofDays(1)))
                        .orElse(usual.unconfirmedAge()),
                setting("parallelism", config.parallelism())
                        .map(many -> many.number(1, 256))
                        .orElse(usual.parallelism()));
    }

    private Optional<String> acknowledge() {
        return setting("acknowledge", config.acknowledge())
                .map(
                        token -> {
                            if (!Engagement.isToken(token.text().strip())) {
                                throw token.refuse("the eight letters that the log says");
                            }
                            return token.text().strip();
                        });
    }

    private Map<TaskKind, Timing> timetable() {
        Map<TaskKind, Timing> times = new EnumMap<>(TaskKind.class);
        for (TaskKind kind : TaskKind.values()) {
            MaintenanceConfig.Rhythm written =
                    switch (kind) {
                        case TRASH -> config.trash();
                        case ORPHANS -> config.orphans();
                        case GC -> config.gc();
                        case REPAIR -> config.repair();
                        case SCRUB -> config.scrub();
                        case REBALANCE -> config.rebalance();
                        case DROP -> config.drop();
                        case USAGE -> config.usage();
                    };
            times.put(kind, timing(kind, written));
        }
        return times;
    }

    private Timing timing(TaskKind kind, MaintenanceConfig.Rhythm written) {
        Timing before = Objects.requireNonNull(usual.timetable().get(kind));
        // What has a record is a long walk; the others look every few seconds whether there is
        // work.
        Duration least = kind.recorded() ? Duration.ofMinutes(1) : Duration.ofMillis(100);
        Duration most = kind.recorded() ? Duration.ofDays(365) : Duration.ofHours(1);
        PaceSettings pace = before.pace();
        return new Timing(
                setting(kind.id() + ".interval", written.interval())
                        .map(text -> text.time(least, most))
                        .orElse(before.interval()),
                new PaceSettings(
                        itemsPerSecond(kind, written).orElse(pace.stepsPerSecond()),
                        bytesPerSecond(kind, written).orElse(pace.bytesPerSecond()),
                        pace.yield()));
    }

    private static Optional<Long> itemsPerSecond(TaskKind kind, MaintenanceConfig.Rhythm written) {
        return written instanceof MaintenanceConfig.Walk walk
                ? setting(kind.id() + ".max-items-per-second", walk.maxItemsPerSecond())
                        .map(text -> (long) text.number(1, MANY))
                : Optional.empty();
    }

    private static Optional<Long> bytesPerSecond(TaskKind kind, MaintenanceConfig.Rhythm written) {
        return written instanceof MaintenanceConfig.Copying copying
                ? setting(kind.id() + ".max-bytes-per-second", copying.maxBytesPerSecond())
                        .map(text -> text.bytes(64L << 10, 1024L << 30))
                : Optional.empty();
    }

    private BrakeSettings brake() {
        BrakeSettings before = usual.brake();
        return new BrakeSettings(
                setting("brake.max-share", config.brake().maxShare())
                        .map(SettingText::share)
                        .orElse(before.maxShare()),
                setting("brake.always-allowed", config.brake().alwaysAllowed())
                        .map(text -> (long) text.number(0, MANY))
                        .orElse(before.alwaysAllowed()),
                before.remember());
    }

    private CollectionSettings collection() {
        CollectionSettings before = usual.collection();
        return new CollectionSettings(
                setting("gc.max-blobs", config.gc().maxBlobs())
                        .map(text -> text.number(1_000, 500_000_000))
                        .orElse(before.maxSuspects()),
                setting("gc.max-wait", config.gc().maxWait())
                        .map(text -> text.time(Duration.ofMinutes(1), Duration.ofDays(30)))
                        .orElse(before.maxWait()));
    }

    /** Unless it is not set, or set to nothing. */
    private static Optional<SettingText> setting(String name, Optional<String> text) {
        return text.filter(written -> !written.isBlank())
                .map(written -> new SettingText(PREFIX + name, written));
    }
}
