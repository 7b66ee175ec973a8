package io.lilio.server.bootstrap;

import io.lilio.chunk.buffer.BufferPoolSettings;
import io.lilio.engine.EngineSettings;
import io.lilio.metadata.session.SessionSettings;
import io.lilio.object.ObjectSettings;
import io.lilio.replication.ReplicationSettings;
import io.lilio.server.bootstrap.config.NodeSettings;
import io.lilio.server.bootstrap.config.NodeSettings.Network;
import io.lilio.server.s3.http.HttpSettings;
import java.util.UUID;

/** What the configuration of a node asks of its engine. */
final class EngineConfig {

    private EngineConfig() {}

    /**
     * @param cluster that the backends belong to
     * @param serves whether others may call this process
     */
    static EngineSettings of(NodeSettings settings, UUID cluster, boolean serves) {
        NodeSettings.Objects objects = settings.storage().objects();
        ObjectSettings usual = ObjectSettings.defaults();
        HttpSettings.Deadlines deadlines = settings.edge().http().deadlines();
        return new EngineSettings(
                cluster,
                SessionSettings.of(
                                settings.nodeName(),
                                serves
                                        ? settings.cluster()
                                                .network()
                                                .map(Network::address)
                                                .orElse("")
                                        : "")
                        .withTtl(settings.cluster().sessionTtl()),
                settings.cluster().host(),
                new EngineSettings.Founding(
                        settings.storage().founding().partitioning(),
                        settings.storage().founding().replication(),
                        settings.cluster().founders()),
                BufferPoolSettings.ofCapacity(settings.memory().bufferBytes()),
                ReplicationSettings.defaults(),
                new ObjectSettings(
                        objects.inlineMaxBytes(),
                        usual.writeWindowBytes(),
                        usual.readAheadBytes(),
                        usual.bufferWait(),
                        new ObjectSettings.Pace(
                                deadlines.request(),
                                deadlines.minimumBytesPerSecond(),
                                usual.pace().grace()),
                        objects.etags()));
    }
}
