package io.lilio.operator.simulation;

import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.Map;

/** What goes wrong for a time. */
enum Weather {
    PODS_DO_NOT_START,
    API_SERVER_FAILS,
    ADMIN_API_SILENT,
    ANOTHER_CLUSTER_ANSWERS,
    METADATA_UNHEALTHY,
    DELETION_BRAKE,
    NO_ROOM;

    /** Which of them last, and until when. Not thread-safe. */
    static final class Forecast {

        private final Map<Weather, Instant> until = new EnumMap<>(Weather.class);
        private final InstantSource clock;

        Forecast(InstantSource clock) {
            this.clock = clock;
        }

        boolean isOn(Weather weather) {
            return clock.instant().isBefore(until.getOrDefault(weather, Instant.MIN));
        }

        void begin(Weather weather, long seconds) {
            until.put(weather, clock.instant().plusSeconds(seconds));
        }

        void clear() {
            until.clear();
        }
    }
}
