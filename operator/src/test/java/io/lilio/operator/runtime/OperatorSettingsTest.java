package io.lilio.operator.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings as an administrator gives them, and what is said of those that are wrong. */
class OperatorSettingsTest {

    private static final Map<String, String> REQUIRED =
            Map.of(
                    "lilio.operator.namespace", "lilio-system",
                    "lilio.operator.identity", "lilio-operator-abc",
                    "lilio.operator.etcd-image", "etcd:v3.6.1");

    @Test
    void whatHasToBeGivenIsEnough() {
        OperatorSettings settings = read(Map.of());
        assertThat(settings.namespaces()).isEmpty();
        assertThat(settings.self().namespace()).isEqualTo("lilio-system");
        assertThat(settings.self().labels())
                .isEqualTo(Map.of("app.kubernetes.io/name", "lilio-operator"));
        assertThat(settings.identity()).isEqualTo("lilio-operator-abc");
        assertThat(settings.resync()).isEqualTo(Duration.ofMinutes(5));
        assertThat(settings.leaderElection()).isTrue();
        assertThat(settings.etcdImage()).isEqualTo("etcd:v3.6.1");
    }

    @Test
    void allCanBeGiven() {
        OperatorSettings settings =
                read(
                        Map.of(
                                "lilio.operator.namespaces", "lab, shop",
                                "lilio.operator.labels", "app.kubernetes.io/name=op,tier=",
                                "lilio.operator.resync", "90s",
                                "lilio.operator.leader-election", "false"));
        assertThat(settings.namespaces()).containsExactlyInAnyOrder("lab", "shop");
        assertThat(settings.self().labels())
                .isEqualTo(Map.of("app.kubernetes.io/name", "op", "tier", ""));
        assertThat(settings.resync()).isEqualTo(Duration.ofSeconds(90));
        assertThat(settings.leaderElection()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"namespace", "identity", "etcd-image"})
    void whatHasToBeGivenIsMissed(String name) {
        assertThatThrownBy(() -> read(Map.of("lilio.operator." + name, " ")))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessage("lilio.operator." + name + " is not set, but has to be.");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "namespaces|Lab|named as a namespace is",
                "namespaces|a,b/c|named as a namespace is",
                "namespace|*|named as a namespace is",
                "labels|app|labels as in a=b",
                "labels|a=b;c=d|labels as in a=b",
                "labels|a=b,|labels as in a=b",
                "resync|soon|a time from 10s to 1h",
                "resync|9s|a time from 10s to 1h",
                "resync|2h|a time from 10s to 1h",
                "resync|-5m|a time from 10s to 1h",
                "leader-election|yes|true or false"
            })
    void whatIsWrongIsNamedWithWhatItMayBe(String name, String value, String allowed) {
        assertThatThrownBy(() -> read(Map.of("lilio.operator." + name, value)))
                .isInstanceOf(InvalidSettingException.class)
                .hasMessageContaining("lilio.operator." + name + " is \"")
                .hasMessageContaining(allowed);
    }

    private static OperatorSettings read(Map<String, String> given) {
        Map<String, String> properties = new HashMap<>(REQUIRED);
        properties.putAll(given);
        return OperatorSettings.read(new Given(properties));
    }

    /** Properties as SmallRye Config maps them; it makes classes for that when Quarkus is built. */
    private record Given(Map<String, String> properties) implements OperatorConfig {

        private Optional<String> property(String name) {
            return Optional.ofNullable(properties.get("lilio.operator." + name));
        }

        private String property(String name, String method) {
            return property(name)
                    .orElseGet(
                            () -> {
                                try {
                                    return OperatorConfig.class
                                            .getMethod(method)
                                            .getAnnotation(WithDefault.class)
                                            .value();
                                } catch (NoSuchMethodException e) {
                                    throw new IllegalArgumentException(e);
                                }
                            });
        }

        @Override
        public Optional<List<String>> namespaces() {
            return property("namespaces").map(text -> List.of(text.split(",")));
        }

        @Override
        public Optional<String> namespace() {
            return property("namespace");
        }

        @Override
        public String labels() {
            return property("labels", "labels");
        }

        @Override
        public Optional<String> identity() {
            return property("identity");
        }

        @Override
        public String resync() {
            return property("resync", "resync");
        }

        @Override
        public String leaderElection() {
            return property("leader-election", "leaderElection");
        }

        @Override
        public Optional<String> etcdImage() {
            return property("etcd-image");
        }

        @Override
        public Log log() {
            throw new UnsupportedOperationException("is for Quarkus");
        }
    }
}
