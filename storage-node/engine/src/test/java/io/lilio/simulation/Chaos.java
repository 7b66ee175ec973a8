package io.lilio.simulation;

import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/**
 * Makes things go wrong, one after the other, at random times or when something gets to a random
 * phase, and puts most of them right again after a while.
 */
final class Chaos {

    private static final Duration LONGEST_AMBUSH = Duration.ofMillis(1_800);
    private static final Duration LONGEST_PURSUIT = Duration.ofSeconds(6);

    /** A collection has much to do before it deletes. */
    private static final int COLLECTING = 3;

    private static final List<Phase> COPYING =
            List.of(Phase.MOVER_COPYING, Phase.LOOK_UP_HEALING, Phase.REPAIR_COPYING);

    /** What else a run aims at in which commits fare badly. */
    private static final List<Aim> OF_COMMITS =
            List.of(
                    new Aim(Fault.NODE_FROZEN, Phase.CHUNKS_WRITTEN),
                    new Aim(Fault.NODE_FROZEN, Phase.COMMIT_SENT),
                    new Aim(Fault.CUT_FROM_METADATA, Phase.COMMIT_UNKNOWN));

    private static final Duration LONGEST_ABSENCE = Duration.ofSeconds(12);
    private static final Duration LONGEST_HOLD = Duration.ofMillis(400);

    private final Cluster cluster;
    private final Profile profile;
    private final Random random;
    private final SimulatedProcess process;
    private final NodeFaults nodes;
    private final RingFaults ring;
    private final Occasions occasions;
    private final Losses losses;
    private final Clients clients;
    private boolean stopped;
    private boolean done;

    Chaos(Cluster cluster, Profile profile, Clients clients) {
        this.clients = clients;
        this.cluster = cluster;
        this.profile = profile;
        this.random = cluster.newRandom();
        this.process = new SimulatedProcess(cluster.scheduler(), "chaos");
        this.nodes = new NodeFaults(cluster, process);
        this.ring = new RingFaults(cluster, nodes);
        this.occasions = new Occasions(cluster, profile, nodes, ring);
        this.losses = new Losses(cluster, nodes, ring, occasions);
    }

    void start() {
        process.start(this::run);
    }

    /** Nothing new goes wrong any more. */
    void stop() {
        stopped = true;
        cluster.phases().stopAwaiting();
    }

    boolean isDone() {
        return done;
    }

    NodeFaults nodes() {
        return nodes;
    }

    RingFaults ring() {
        return ring;
    }

    Occasions occasions() {
        return occasions;
    }

    private void run() {
        if (profile.faults().contains(Fault.ADMIT)) {
            nodes.addNode();
        }
        List<Fault> faults = List.copyOf(profile.faults());
        Iterator<Aim> aims =
                profile.aims().stream()
                        .filter(aim -> aim.fault() != Fault.METADATA_ROLLED_BACK)
                        .iterator();
        for (int i = 0; i < profile.count() && !stopped; i++) {
            sleep(Duration.ofMillis(random.nextInt(900)));
            Fault fault = faults.get(random.nextInt(faults.size()));
            boolean occupied =
                    switch (i % 4) {
                        case 0 -> occasion();
                        case 2 -> otherOccasion();
                        default -> aim(aims);
                    };
            if (occupied) {
                sleep(Duration.ofMillis(50));
            } else if (random.nextBoolean() || fault.reach() == Fault.Reach.MESSAGE) {
                ambush(fault, somePhase(fault));
            } else {
                strike(fault, null);
            }
        }
        done = true;
    }

    private boolean aim(Iterator<Aim> aims) {
        if (!aims.hasNext()) {
            return false;
        }
        pursue(aims.next());
        return true;
    }

    /**
     * What the slant of this run brings about.
     *
     * @return whether there is such a thing
     */
    private boolean occasion() {
        switch (profile.slant()) {
            case RINGS -> giveBack();
            case COPIES -> changeUnderAWriter();
            case LOSSES -> loseUnderAWriter();
            case CONFIRMATIONS -> deleteAtOnce();
            case NONE, COMMITS, READS -> {
                return false;
            }
        }
        return true;
    }

    /** The same, every other time. */
    private boolean otherOccasion() {
        switch (profile.slant()) {
            case RINGS -> changeTwice();
            case COPIES -> copyInVain();
            case LOSSES -> loseBesideAMove();
            case CONFIRMATIONS -> comeBack();
            case COMMITS -> pursue(OF_COMMITS.get(random.nextInt(OF_COMMITS.size())));
            case NONE -> {
                return renewed();
            }
            case READS -> {
                return false;
            }
        }
        return true;
    }

    /** The ring gives a member what it is about to drop, and movers find it there. */
    private void giveBack() {
        SimulatedNode member = occasions.someoneWithTooMuch().orElse(null);
        if (member == null) {
            return;
        }
        SimulatedProcess dropping = member.process();
        boolean[] over = new boolean[1];
        cluster.phases()
                .await(
                        Phase.DROP_LOOKING,
                        activity -> activity.process() == dropping,
                        activity -> {
                            process.start(() -> ring.giveMoreTo(member, () -> changed(over)));
                            hold(Fault.REWEIGH, activity, over);
                            Requests.linger(dropping, Duration.ofMillis(random.nextInt(1_800)));
                        });
        member.upkeep().ifPresent(upkeep -> upkeep.begin(Phase.Work.DROP));
        awaitEnd(over, LONGEST_AMBUSH.toNanos());
    }

    /** The ring gives a member something, and takes it away before movers have settled it. */
    private void changeTwice() {
        SimulatedNode member = occasions.someoneWithTooMuch().orElse(null);
        if (member == null) {
            return;
        }
        ring.giveMoreTo(member, () -> {});
        sleep(Duration.ofMillis(100 + random.nextInt(2_400)));
        ring.ask(random.nextInt(3) == 0 ? Fault.REWEIGH : Fault.CANCEL);
        sleep(Duration.ofMillis(random.nextInt(400)));
        occasions.hurry(Phase.Work.DROP);
    }

    private void changed(boolean[] over) {
        over[0] = true;
        occasions.hurry(Phase.Work.MOVE);
        occasions.hurry(Phase.Work.MOVE);
    }

    /** A writer has written its chunks, and commits only when movers have come and gone. */
    private void changeUnderAWriter() {
        boolean[] over = new boolean[1];
        Fault change = random.nextBoolean() ? Fault.REWEIGH : Fault.DRAIN;
        cluster.phases()
                .await(
                        Phase.COMMIT_SENT,
                        activity -> {
                            process.start(() -> ring.ask(change, () -> changed(over)));
                            hold(change, activity, over);
                            Duration longer = Duration.ofMillis(random.nextInt(3_000));
                            Requests.linger(activity.process(), longer);
                        });
        awaitEnd(over, LONGEST_AMBUSH.toNanos());
    }

    /** Who copies loses its session, and what it copies is deleted and swept meanwhile. */
    private void copyInVain() {
        Phase copying = COPYING.get(random.nextInt(COPYING.size()));
        boolean[] over = new boolean[1];
        cluster.phases()
                .await(
                        copying,
                        activity -> {
                            cluster.metadata().endAllOf(activity.process().name());
                            cluster.phases().met(Fault.LEASE_ENDED, (SimulatedProcess) null);
                            clients.deleteAll();
                            for (int millis = 400; millis < 1_600; millis += 300) {
                                occasions.attend(Phase.Work.SWEEP, Duration.ofMillis(millis));
                            }
                            Duration meanwhile = Duration.ofMillis(1_000 + random.nextInt(1_800));
                            Requests.linger(activity.process(), meanwhile);
                            over[0] = true;
                        });
        occasions.bringAbout(copying);
        awaitEnd(over, 2 * LONGEST_AMBUSH.toNanos());
    }

    private void loseUnderAWriter() {
        boolean[] over = new boolean[1];
        losses.underAWriter(() -> over[0] = true);
        awaitEnd(over, 3 * LONGEST_AMBUSH.toNanos());
    }

    private void loseBesideAMove() {
        long end = cluster.scheduler().nanos() + 2 * LONGEST_AMBUSH.toNanos();
        boolean begun = false;
        while (!begun && cluster.scheduler().nanos() < end && !stopped) {
            begun = ring.prepare(Fault.DRAIN) && losses.besideAMove();
            sleep(Duration.ofMillis(100));
        }
        sleep(Duration.ofMillis(begun ? 2_000 + random.nextInt(2_000) : 0));
    }

    /**
     * What was committed is deleted and swept before its writer knows, or before the last copy has
     * landed; and, half of the time, when the writer's session has ended.
     */
    private void deleteAtOnce() {
        boolean[] over = new boolean[1];
        cluster.phases()
                .await(
                        Phase.COMMITTED_UNCONFIRMED,
                        activity -> {
                            if (random.nextBoolean()) {
                                cluster.metadata().endAllOf(activity.process().name());
                                cluster.phases().met(Fault.LEASE_ENDED, (SimulatedProcess) null);
                            }
                            clients.deleteAll();
                            for (int millis = 300; millis < 2_400; millis += 300) {
                                occasions.attend(Phase.Work.SWEEP, Duration.ofMillis(millis));
                            }
                            if (random.nextBoolean()) {
                                Duration late = Duration.ofMillis(random.nextInt(2_400));
                                Requests.linger(activity.process(), late);
                            }
                            over[0] = true;
                        });
        awaitEnd(over, 2 * LONGEST_AMBUSH.toNanos());
    }

    /**
     * A node gets another session, while collections are under way.
     *
     * @return whether that is what this run is for
     */
    private boolean renewed() {
        if (profile.ending() != Profile.Ending.WHOLE) {
            return false;
        }
        for (int i = 0; i < 3; i++) {
            occasions.attend(Phase.Work.COLLECT, Duration.ofMillis(200));
        }
        sleep(Duration.ofMillis(random.nextInt(250)));
        List<SimulatedNode> nodes =
                cluster.nodes().stream().filter(node -> node.running().isPresent()).toList();
        if (!nodes.isEmpty()) {
            cluster.metadata().endAllOf(nodes.get(random.nextInt(nodes.size())).name());
            cluster.phases().met(Fault.LEASE_ENDED, (SimulatedProcess) null);
        }
        return true;
    }

    /** A member is lost for a while, and taken back; what was sent to it before comes then. */
    private void comeBack() {
        long end = cluster.scheduler().nanos() + LONGEST_ABSENCE.toNanos();
        while (cluster.scheduler().nanos() < end && !stopped) {
            if (ring.prepare(Fault.READMIT)) {
                ring.ask(Fault.READMIT, cluster.network()::hurry);
                sleep(Duration.ofMillis(random.nextInt(1_500)));
                return;
            }
            clients.deleteAll();
            occasions.hurry(Phase.Work.MOVE);
            sleep(Duration.ofMillis(500 + random.nextInt(1_500)));
            occasions.hurry(Phase.Work.SWEEP);
        }
    }

    /** Until the two have met, or it has been tried often enough. */
    private void pursue(Aim aim) {
        int patience = Profile.LOSSES.contains(aim.fault()) ? 2 : 1;
        long end = cluster.scheduler().nanos() + patience * longest(LONGEST_PURSUIT, aim.phase());
        while (cluster.coverage().count(aim.fault(), aim.phase()) == 0
                && cluster.scheduler().nanos() < end
                && !stopped) {
            if (ring.prepare(aim.fault())
                    && nodes.isPossible(aim.fault())
                    && occasions.isPossible(aim.phase())) {
                occasions.bringAbout(aim.phase());
                ambush(aim.fault(), aim.phase());
            }
            sleep(Duration.ofMillis(100));
        }
    }

    /** Strikes when something gets to a phase, or after a while. */
    private void ambush(Fault fault, Phase phase) {
        boolean[] over = new boolean[1];
        if (fault.reach() == Fault.Reach.MESSAGE) {
            nodes.trouble(fault, phase);
        }
        cluster.phases()
                .await(
                        phase,
                        activity -> {
                            process.start(() -> strike(fault, activity, () -> over[0] = true));
                            hold(fault, activity, over);
                        });
        if (random.nextBoolean()) {
            occasions.bringAbout(phase);
        }
        awaitEnd(over, longest(LONGEST_AMBUSH, phase));
        if (!over[0]) {
            strike(fault, null);
        }
    }

    private static long longest(Duration usual, Phase phase) {
        return usual.toNanos() * (phase.work() == Phase.Work.COLLECT ? COLLECTING : 1);
    }

    private void awaitEnd(boolean[] over, long atMostNanos) {
        long end = cluster.scheduler().nanos() + atMostNanos;
        while (!over[0] && cluster.scheduler().nanos() < end) {
            sleep(Duration.ofMillis(50));
        }
        cluster.phases().stopAwaiting();
    }

    /**
     * Keeps what has got to a phase there for a while, as a machine that is slow would. Faults that
     * take a while are waited for.
     */
    private void hold(Fault fault, Activity activity, boolean[] over) {
        if (random.nextInt(4) == 0) {
            return;
        }
        long begun = cluster.scheduler().nanos();
        long least = begun + random.nextInt(20_000_000);
        boolean takesLong = fault.isOfRing() || fault.waitsForCopies();
        long most = begun + (takesLong ? LONGEST_HOLD.toNanos() : 0);
        Duration longer = Duration.ofMillis(random.nextInt(3) == 0 ? random.nextInt(600) : 0);
        long now = begun;
        while (now < least || !over[0] && now < most) {
            Requests.linger(activity.process(), Duration.ofMillis(4));
            now = cluster.scheduler().nanos();
        }
        Requests.linger(activity.process(), longer);
    }

    /** Those of writes more often: most of what can go wrong goes wrong there. */
    private Phase somePhase(Fault fault) {
        boolean writes = random.nextInt(3) == 0;
        List<Phase> phases =
                Arrays.stream(Phase.values())
                        .filter(phase -> !writes || phase.work() == Phase.Work.WRITE)
                        .filter(fault::canMeet)
                        .toList();
        return phases.get(random.nextInt(phases.size()));
    }

    private void strike(Fault fault, @Nullable Activity victim) {
        strike(fault, victim, () -> {});
    }

    /**
     * @param victim what it is meant to meet, if anything in particular
     * @param over run when it has struck, or could not
     */
    private void strike(Fault fault, @Nullable Activity victim, Runnable over) {
        if (stopped || fault.reach() == Fault.Reach.MESSAGE) {
            over.run();
            return;
        }
        long end = cluster.scheduler().nanos() + LONGEST_HOLD.toNanos();
        while (fault.waitsForCopies()
                && victim != null
                && !(ring.isPossible(fault) && nodes.isPossible(fault))
                && cluster.scheduler().nanos() < end) {
            sleep(Duration.ofMillis(3));
        }
        if (fault.isOfRing()) {
            ring.ask(fault, over); // counted when it has been taken
            return;
        }
        boolean struck = nodes.strike(fault, victim == null ? null : victim.process());
        if (struck && fault.reach() == Fault.Reach.CLUSTER && fault != Fault.DISK_WIPED) {
            cluster.phases().met(fault, (SimulatedProcess) null);
        }
        over.run();
    }

    private void sleep(Duration duration) {
        try {
            process.time().sleep(duration);
        } catch (InterruptedException e) {
            throw new IllegalStateException("nobody interrupts chaos", e);
        }
    }
}
