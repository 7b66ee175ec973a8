package io.lilio.simulation;

import java.util.ArrayList;
import java.util.List;

/** A fault and the phase that it is to meet. */
record Aim(Fault fault, Phase phase) {

    /** Everything that can meet, in an order in which neighbours have little in common. */
    static final List<Aim> ALL = all();

    private static List<Aim> all() {
        List<Fault> faults = List.of(Fault.values());
        List<Phase> phases = List.of(Phase.values()); // 28 and 23: no divisor in common
        List<Aim> aims = new ArrayList<>();
        for (int i = 0; i < faults.size() * phases.size(); i++) {
            Aim aim = new Aim(faults.get(i % faults.size()), phases.get(i % phases.size()));
            if (aim.fault().canMeet(aim.phase())) {
                aims.add(aim);
            }
        }
        return List.copyOf(aims);
    }
}
