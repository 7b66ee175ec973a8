package io.lilio.operator.simulation;

import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.lilio.operator.admin.AdminApiUnreachableException;
import io.lilio.operator.admin.EtcdException;
import io.lilio.operator.admin.EtcdMembership;
import io.lilio.operator.simulation.Calls.Target;
import io.lilio.operator.simulation.Calls.Write;
import java.net.URI;
import java.util.List;
import java.util.function.Supplier;

/** Etcd's membership as one process of the operator sees it. */
final class FaultyEtcd implements EtcdMembership {

    private final Scene scene;
    private final Calls calls;

    FaultyEtcd(Scene scene, Calls calls) {
        this.scene = scene;
        this.calls = calls;
    }

    @Override
    public List<Entry> list(URI member) {
        return heard(
                () -> {
                    calls.reading(Target.ADMIN_API, "Etcd.list");
                    return scene.etcd.list(member);
                });
    }

    @Override
    public void add(URI member, URI peer) {
        write("Etcd.add", peer.getHost(), () -> scene.etcd.add(member, peer));
    }

    @Override
    public void remove(URI member, String id) {
        write("Etcd.remove", id, () -> scene.etcd.remove(member, id));
    }

    private void write(String what, String about, Runnable effect) {
        Write write =
                new Write(
                        what,
                        new ConfigMapBuilder()
                                .withNewMetadata()
                                .withName(about)
                                .endMetadata()
                                .build(),
                        0);
        String _ =
                heard(
                        () ->
                                calls.writing(
                                        Target.ADMIN_API,
                                        write,
                                        () -> {
                                            effect.run();
                                            return about;
                                        }));
    }

    private static <T> T heard(Supplier<T> call) {
        try {
            return call.get();
        } catch (AdminApiUnreachableException silent) {
            throw new EtcdException("no answer", silent);
        }
    }
}
