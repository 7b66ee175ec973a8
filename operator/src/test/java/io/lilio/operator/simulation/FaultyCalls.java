package io.lilio.operator.simulation;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.lilio.operator.admin.AdminApiUnreachableException;
import io.lilio.operator.kube.KubernetesException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * The calls of one process of the operator. Some fail, of some the answer is lost, in the midst of
 * some the process dies, and between two of them others do something. Every write is looked at.
 */
final class FaultyCalls implements Calls {

    private static final int[] REFUSALS = {409, 429, 500, 503};

    /** Whoever acts between two calls. */
    interface Others {
        /**
         * Acts, perhaps.
         *
         * @param call that is about to be made
         * @return whether anything was done
         */
        boolean act(String call);
    }

    /** Where a process is to die, or an answer is to be lost, at the next opportunity. */
    record Aim(String what, Moment moment) {}

    /** When it strikes. */
    enum Moment {
        BEFORE,
        AFTER,
        ANSWER_LOST
    }

    final List<Aim> aims = new ArrayList<>();

    private final Scene scene;
    private final Others others;
    private String name = "";
    private OperatorProcess.Work work = OperatorProcess.Work.CLUSTER;
    private boolean disturbed;
    private int writes;

    FaultyCalls(Scene scene, Others others) {
        this.scene = scene;
        this.others = others;
    }

    void begin(String process, OperatorProcess.Work what) {
        name = process;
        work = what;
        disturbed = false;
    }

    /** Whether others acted since the pass under way began. */
    boolean isDisturbed() {
        return disturbed;
    }

    boolean isOf(OperatorProcess.Work which) {
        return work == which;
    }

    /** Writes that changed something, since the beginning. */
    int writes() {
        return writes;
    }

    @Override
    public void reading(Target target, String what) {
        letOthersAct(what);
        failBefore(target, what, 700);
    }

    @Override
    public <T> T writing(Target target, Write write, Supplier<T> effect) {
        letOthersAct(write.what());
        strike(write, Moment.BEFORE);
        failBefore(target, write.what(), 60);
        String before = version(target, write);
        T answer = checked(write, effect);
        if (target == Target.ADMIN_API || !before.equals(version(target, write))) {
            writes++;
            scene.coverage.count("wrote " + write.what());
            scene.tell(name + ": " + write.what() + " " + write.name());
        }
        strike(write, Moment.AFTER);
        if (aimed(write, Moment.ANSWER_LOST) || scene.troubled && oneIn(80)) {
            scene.coverage.count("answer lost: " + write.what());
            scene.coverage.count("answer lost");
            throw noAnswer(target, "the answer was lost: " + write.what());
        }
        return answer;
    }

    private <T> T checked(Write write, Supplier<T> effect) {
        try {
            scene.invariants.before(this, write);
            T answer = effect.get();
            scene.invariants.after(write);
            return answer;
        } finally {
            scene.invariants.done();
        }
    }

    private void letOthersAct(String what) {
        if (others.act(what)) {
            disturbed = true;
        }
    }

    private String version(Target target, Write write) {
        if (target == Target.ADMIN_API) {
            return "";
        }
        HasMetadata object = write.object();
        return scene.store
                .get(
                        object.getClass(),
                        object.getMetadata().getNamespace(),
                        object.getMetadata().getName())
                .map(there -> there.getMetadata().getResourceVersion())
                .orElse("none");
    }

    private boolean oneIn(int times) {
        return scene.random.nextInt(times) == 0;
    }

    private boolean aimed(Write write, Moment moment) {
        return scene.troubled && aims.remove(new Aim(write.what(), moment));
    }

    private void strike(Write write, Moment moment) {
        if (aimed(write, moment) || scene.troubled && oneIn(90)) {
            boolean before = moment == Moment.BEFORE;
            scene.coverage.count((before ? "died before " : "died after ") + write.what());
            scene.coverage.count(before ? "died before a write" : "died after a write");
            throw new FakeKubernetes.Crash((before ? "before " : "") + write.what());
        }
    }

    private void failBefore(Target target, String what, int times) {
        if (target == Target.ADMIN_API) {
            boolean silent = scene.weather.isOn(Weather.ADMIN_API_SILENT);
            if (silent || scene.troubled && oneIn(times)) {
                scene.coverage.count("admin API silent");
                throw noAnswer(target, "no answer: " + what);
            }
            return;
        }
        boolean bad = scene.weather.isOn(Weather.API_SERVER_FAILS) && oneIn(3);
        if (bad || scene.troubled && oneIn(times)) {
            int which = scene.random.nextInt(REFUSALS.length + 1);
            if (which == REFUSALS.length) {
                scene.coverage.count("API server silent");
                throw noAnswer(target, "no answer: " + what);
            }
            scene.coverage.count("API server " + REFUSALS[which]);
            throw new KubernetesException(REFUSALS[which], "refused: " + what, null);
        }
    }

    private static RuntimeException noAnswer(Target target, String why) {
        return target == Target.ADMIN_API
                ? new AdminApiUnreachableException(why, null)
                : new KubernetesException(0, why, null);
    }
}
