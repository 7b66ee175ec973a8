package io.lilio.operator.cluster;

import io.lilio.crd.Condition;
import io.lilio.crd.cluster.ClusterConditionType;
import io.lilio.crd.cluster.ClusterReason;
import io.lilio.crd.cluster.EtcdMember;
import io.lilio.crd.cluster.LilioCluster;
import io.lilio.crd.cluster.LilioClusterStatus;
import io.lilio.operator.admin.AdminApi;
import io.lilio.operator.admin.AdminApiException;
import io.lilio.operator.admin.AdminApiUnreachableException;
import io.lilio.operator.admin.AdminApis;
import io.lilio.operator.admin.EtcdMembership;
import io.lilio.operator.kube.Events;
import io.lilio.operator.kube.Kubernetes;
import io.lilio.operator.kube.KubernetesException;
import io.lilio.operator.plan.Answers;
import io.lilio.operator.plan.Desired;
import io.lilio.operator.plan.Hold;
import io.lilio.operator.plan.Observed;
import io.lilio.operator.plan.Operation;
import io.lilio.operator.plan.Plan;
import io.lilio.operator.plan.Planner;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One pass over a LilioCluster (DESIGN §13). It may be broken off anywhere, and is simply made
 * again: nothing is remembered but {@code status.operation}, which is written before anything is
 * done for it. What is kept in memory only makes passes quieter.
 *
 * <p>Safe for several threads, as long as one at a time has the same cluster.
 */
public final class ClusterPass {

    private final Kubernetes kubernetes;
    private final Randomness randomness;
    private final ClusterSettings settings;
    private final Planner planner;
    private final Observer observer;
    private final ClusterSecrets secrets;
    private final ClusterObjects objects;
    private final EtcdPods etcdPods;
    private final EtcdMembers etcdMembers;
    private final Steps steps;
    private final LeftOverRuns leftOver;
    private final ScheduledJobs scheduled;
    private final StatusWriter status;
    private final Refusals refusals = new Refusals();

    /**
     * Who is called besides Kubernetes.
     *
     * @param nodes storage nodes
     * @param etcds managed ones
     */
    public record Servers(AdminApis nodes, EtcdMembership etcds) {}

    public ClusterPass(
            Kubernetes kubernetes,
            Events events,
            Servers servers,
            Randomness randomness,
            ClusterSettings settings) {
        RunJobs jobs = new RunJobs(kubernetes);
        this.kubernetes = kubernetes;
        this.randomness = randomness;
        this.settings = settings;
        this.planner = new Planner(randomness.ids());
        this.observer = new Observer(kubernetes, new ClusterAccess(kubernetes, servers.nodes()));
        this.secrets = new ClusterSecrets(kubernetes, randomness.secrets());
        this.objects = new ClusterObjects(kubernetes, events, settings);
        this.etcdPods = new EtcdPods(kubernetes);
        this.etcdMembers = new EtcdMembers(kubernetes, servers.etcds());
        this.steps = new Steps(kubernetes, jobs);
        this.leftOver = new LeftOverRuns(jobs);
        this.scheduled = new ScheduledJobs(kubernetes);
        this.status = new StatusWriter(kubernetes, events);
    }

    /**
     * Looks at a cluster, does what is to be done now, and tells so in its status.
     *
     * @param cached as it was some time ago; it is read again
     * @throws KubernetesException when Kubernetes does not answer
     */
    public Outcome run(LilioCluster cached) {
        try {
            Optional<LilioCluster> live = live(cached).filter(cluster -> deletion(cluster) == null);
            return live.isPresent() ? pass(live.get()) : Outcome.in(Outcome.IDLE);
        } catch (KubernetesException e) {
            return afterConflict(e);
        }
    }

    /**
     * Does what is to be done before a cluster goes.
     *
     * @param cached as it was some time ago; it is read again
     * @return {@link Outcome#finished} when its finalizer may go
     * @throws KubernetesException when Kubernetes does not answer
     */
    public Outcome delete(LilioCluster cached) {
        try {
            Optional<LilioCluster> live = live(cached);
            if (live.isEmpty()) {
                forget(cached);
                return Outcome.gone();
            }
            return deletion(live.get()) == null ? Outcome.in(Outcome.IDLE) : end(live.get());
        } catch (KubernetesException e) {
            return afterConflict(e);
        }
    }

    private static Outcome afterConflict(KubernetesException e) {
        if (e.isConflict()) {
            return Outcome.in(Outcome.CONFLICT);
        }
        throw e;
    }

    /** The resource as it is; empty when it is gone, or another one of its name is there. */
    private Optional<LilioCluster> live(LilioCluster cached) {
        return kubernetes
                .get(
                        LilioCluster.class,
                        cached.getMetadata().getNamespace(),
                        cached.getMetadata().getName())
                .filter(live -> live.getMetadata().getUid().equals(cached.getMetadata().getUid()));
    }

    private static @Nullable String deletion(LilioCluster cluster) {
        return cluster.getMetadata().getDeletionTimestamp();
    }

    private void forget(LilioCluster cluster) {
        objects.forget(cluster);
        status.forget(cluster);
        refusals.forget(cluster.getMetadata().getUid());
    }

    private Outcome end(LilioCluster cluster) {
        Optional<String> awaited = new ClusterDeletion(kubernetes).advance(cluster);
        if (awaited.isEmpty()) {
            forget(cluster);
            return Outcome.gone();
        }
        status.writeConditionsIfNew(
                cluster, ClusterReport.deleting(cluster, awaited.get(), now()), now());
        return new Outcome(
                Outcome.BUSY, false, Optional.of(ClusterReason.DELETING), Optional.empty());
    }

    private Instant now() {
        return randomness.clock().instant().truncatedTo(ChronoUnit.SECONDS);
    }

    /**
     * What a pass goes by.
     *
     * @param read the resource, as status is written to it
     * @param cluster the same, as objects are made from it
     * @param sets as they are
     * @param found its Secrets
     * @param desired what it asks for
     * @param faults what was found already
     */
    private record Ground(
            LilioCluster read,
            LilioCluster cluster,
            Observer.Sets sets,
            ClusterSecrets.Found found,
            Desired desired,
            List<Fault> faults) {

        Ground with(LilioCluster effective) {
            Desired other = Requests.of(read).desired(effective, found.etcdCertificate());
            return new Ground(read, effective, sets, found, other, faults);
        }
    }

    private Outcome pass(LilioCluster read) {
        Instant now = now();
        Optional<String> later = LaterValues.of(read);
        if (later.isPresent()) {
            return leave(read, later.get(), now);
        }
        LilioCluster cluster = announce(read, now);
        Observer.Sets sets = observer.sets(cluster);
        boolean founded = isFounded(cluster) || sets.nodes().isPresent();
        List<Fault> faults = new ArrayList<>();
        if (!founded) {
            faults.addAll(SpecCheck.beforeFounding(cluster.getSpec()));
        }
        boolean mayGenerate = !founded && faults.isEmpty() && !cluster.getSpec().paused();
        ClusterSecrets.Found found = secrets.look(cluster, mayGenerate);
        if (founded || mayGenerate) {
            faults.addAll(found.faults());
        }
        Requests requests = Requests.of(cluster);
        faults.addAll(requests.faults());
        LilioCluster effective = effective(cluster, sets);
        Desired desired = requests.desired(effective, found.etcdCertificate());
        return act(new Ground(cluster, effective, sets, found, desired, faults), now);
    }

    private LilioCluster effective(LilioCluster cluster, Observer.Sets sets) {
        return EffectiveSpec.of(
                cluster,
                sets.etcd(),
                isFounded(cluster) ? observer.config(cluster) : Optional.empty());
    }

    /** The same ground where the ring, which keeps copies as it was founded to, has its say. */
    private static Ground agreed(Ground ground, Sighting sighting) {
        return sighting.observed()
                .answers()
                .map(known -> known.ring().replication())
                .flatMap(ring -> EffectiveSpec.corrected(ground.cluster(), ground.read(), ring))
                .map(ground::with)
                .orElse(ground);
    }

    /** Objects are made from the spec: where it is not understood, none is touched. */
    private Outcome leave(LilioCluster cluster, String why, Instant now) {
        if (LaterValues.ofSpec(cluster.getSpec()).isEmpty()) {
            Observer.Sets sets = observer.sets(cluster);
            if (sets.nodes().isPresent()) {
                objects.hold(effective(cluster, sets), now);
            }
        }
        status.writeConditionsIfNew(cluster, ClusterReport.notUnderstood(cluster, why, now), now);
        return new Outcome(
                Outcome.HELD,
                false,
                Optional.of(ClusterReason.VERSION_UNSUPPORTED),
                Optional.empty());
    }

    /** The first status for a new generation says that nothing is known of it yet. */
    private LilioCluster announce(LilioCluster read, Instant now) {
        @Nullable LilioClusterStatus before = read.getStatus();
        boolean known =
                before != null
                        && StatusConditions.find(before.conditions(), ClusterConditionType.READY)
                                .map(Condition::observedGeneration)
                                .filter(read.getMetadata().getGeneration()::equals)
                                .isPresent();
        return known ? read : status.write(read, ClusterReport.notYetObserved(read, now), now);
    }

    private static boolean isFounded(LilioCluster cluster) {
        @Nullable LilioClusterStatus status = cluster.getStatus();
        return status != null && status.clusterId() != null;
    }

    private Outcome act(Ground before, Instant now) {
        Optional<Operation> running = running(before.read());
        String uid = before.read().getMetadata().getUid();
        Sighting sighting =
                observer.look(
                        before.cluster(),
                        before.sets(),
                        before.found().root(),
                        running,
                        refusals.of(uid, before.desired(), now),
                        now);
        Ground ground = agreed(before, sighting);
        List<Fault> faults = new ArrayList<>(ground.faults());
        faults.addAll(strangers(ground.read(), sighting));
        if (!hasMetadata(sighting)) {
            etcdMembers.majorityLost(ground.cluster(), ground.sets().etcd()).ifPresent(faults::add);
        }
        faults.addAll(
                SpecCheck.of(
                        ground.read().getSpec(),
                        sighting.observed().answers().map(Answers::ring),
                        ground.sets().nodes(),
                        ground.sets().etcd()));
        if (faults.stream().anyMatch(Fault::holds)) {
            return hold(ground, sighting, running, faults, now);
        }
        Optional<String> stranger =
                sighting.observed()
                        .answers()
                        .map(known -> known.cluster().version())
                        .flatMap(nodes -> VersionWindow.ofNodes(nodes, settings.version()));
        Optional<Plan> plan =
                stranger.isPresent()
                        ? planner.restarts(ground.desired(), sighting.observed(), running)
                        : Optional.of(planner.plan(ground.desired(), sighting.observed(), running));
        stranger.map(why -> unsupported(why, plan.isEmpty())).ifPresent(faults::add);
        if (plan.isEmpty()) {
            return hold(ground, sighting, running, faults, now);
        }
        if (!plan.get().operation().equals(running)) {
            return name(ground, sighting, plan.get(), faults);
        }
        return carryOut(ground, sighting, plan.get(), faults, now);
    }

    private static boolean hasMetadata(Sighting sighting) {
        return sighting.observed()
                .answers()
                .filter(known -> known.cluster().metadata().healthy())
                .isPresent();
    }

    /** Only pods that come back as what is understood go on. */
    private static Fault unsupported(String why, boolean holds) {
        return holds
                ? Fault.holding(ClusterReason.VERSION_UNSUPPORTED, why)
                : Fault.degrading(ClusterReason.VERSION_UNSUPPORTED, why);
    }

    private static Optional<Operation> running(LilioCluster cluster) {
        @Nullable LilioClusterStatus status = cluster.getStatus();
        return Optional.ofNullable(status)
                .map(LilioClusterStatus::operation)
                .map(OperationRecord::read);
    }

    /** Whoever answers is another cluster, or is to become of a release that is not understood. */
    private List<Fault> strangers(LilioCluster cluster, Sighting sighting) {
        Optional<Answers> answers = sighting.observed().answers();
        @Nullable LilioClusterStatus status = cluster.getStatus();
        Optional<Fault> foreign =
                answers.map(known -> known.cluster().id().toString())
                        .filter(
                                id ->
                                        status != null
                                                && status.clusterId() != null
                                                && !id.equals(status.clusterId()))
                        .map(
                                id ->
                                        Fault.holding(
                                                ClusterReason.METADATA_FOREIGN,
                                                ("the storage nodes belong to cluster %s, and this"
                                                                + " is %s: put the right metadata back")
                                                        .formatted(
                                                                id,
                                                                Objects.requireNonNull(status)
                                                                        .clusterId())));
        Optional<Fault> version =
                VersionWindow.ofSpec(cluster.getSpec().version(), settings.version());
        return Stream.of(foreign, version).flatMap(Optional::stream).toList();
    }

    /** Nothing is done but that no maintenance begins. */
    private Outcome hold(
            Ground ground,
            Sighting sighting,
            Optional<Operation> running,
            List<Fault> faults,
            Instant now) {
        if (ground.sets().nodes().isPresent()) {
            objects.hold(ground.cluster(), now);
        }
        int pods = sighting.observed().replicas().orElse(0);
        Plan nothing = new Plan(pods, running, List.of(), Optional.empty());
        return tell(
                ground,
                new Report(ground.read(), sighting, nothing, ground.desired().template(), faults));
    }

    /** What is begun or goes on is written down, and nothing is done before that is read again. */
    private Outcome name(Ground ground, Sighting sighting, Plan plan, List<Fault> faults) {
        Report report =
                new Report(ground.read(), sighting, plan, ground.desired().template(), faults);
        return write(report, ClusterReport.of(report));
    }

    private Outcome write(Report report, LilioClusterStatus next) {
        status.write(report.cluster(), next, report.now());
        return Outcome.of(report, Duration.ZERO);
    }

    private Outcome carryOut(
            Ground ground, Sighting sighting, Plan plan, List<Fault> found, Instant now) {
        List<Fault> faults = new ArrayList<>(found);
        faults.addAll(apply(ground, sighting, plan, now));
        String template = ground.desired().template();
        if (!ground.desired().paused() && faults.stream().noneMatch(Fault::holds)) {
            EtcdMembers.Seen etcd = etcdMembers.see(ground.cluster(), ground.sets().etcd());
            etcd.fault().ifPresent(faults::add);
            if (etcd.records().isPresent()) {
                return note(
                        new Report(ground.read(), sighting, plan, template, faults),
                        etcd.records().get());
            }
        }
        if (faults.stream().anyMatch(Fault::holds) || sighting.admin().isEmpty()) {
            return tell(ground, new Report(ground.read(), sighting, plan, template, faults));
        }
        try {
            AdminApi admin = sighting.admin().get();
            Steps.Taken taken =
                    steps.take(ground.cluster(), admin, ground.desired(), plan.steps(), now);
            faults.addAll(taken.faults());
            if (taken.change().isPresent()) {
                return answered(ground, sighting, taken.change().get(), faults, now);
            }
            if (isAtRest(plan, sighting)) {
                faults.addAll(scheduled.see(ground.cluster(), now));
                leftOver.see(ground.cluster(), admin.operations(), now).ifPresent(faults::add);
            }
        } catch (AdminApiException | AdminApiUnreachableException e) {
            // What was asked for may have happened or not: the next pass looks.
            faults.add(
                    Fault.degrading(
                            ClusterReason.ADMIN_API_UNREACHABLE,
                            "a storage node did not do what it was asked for: " + e.getMessage()));
        } catch (KubernetesException e) {
            if (!e.isRefusal()) {
                throw e;
            }
            faults.add(
                    Fault.degrading(
                            ClusterReason.SPEC_IMPOSSIBLE,
                            "Kubernetes refuses what is to be done: " + e.getMessage()));
        }
        return tell(ground, new Report(ground.read(), sighting, plan, template, faults));
    }

    /** What is known of etcd's members is written down, and read again before anything is done. */
    private Outcome note(Report report, List<EtcdMember> records) {
        return write(report, ClusterReport.of(report).withEtcdMembers(records));
    }

    private List<Fault> apply(Ground ground, Sighting sighting, Plan plan, Instant now) {
        if (ground.desired().paused()) {
            return ground.sets().nodes().isPresent()
                    ? objects.hold(ground.cluster(), now)
                    : List.of();
        }
        ClusterObjects.Given given =
                new ClusterObjects.Given(
                        ground.found(),
                        ground.sets(),
                        Math.max(plan.pods(), sighting.hosting(ground.read())),
                        isFounded(ground.read()),
                        !isAtRest(plan, sighting));
        List<Fault> faults = new ArrayList<>(objects.apply(ground.cluster(), given, now));
        faults.addAll(etcdPods.renew(ground.cluster(), ground.sets().etcd()));
        return faults;
    }

    /** Whether maintenance may begin: nothing is under way, and nothing is doubtful. */
    private static boolean isAtRest(Plan plan, Sighting sighting) {
        boolean doubtful =
                plan.hold()
                        .map(Hold::reason)
                        .filter(
                                reason ->
                                        switch (reason) {
                                            case PAUSED,
                                                    METADATA_UNHEALTHY,
                                                    DELETION_BRAKE,
                                                    MOVING,
                                                    FOREIGN_CHANGE ->
                                                    true;
                                            case ADMIN_API_UNREACHABLE,
                                                    PODS_NOT_READY,
                                                    INSUFFICIENT_CAPACITY,
                                                    DATA_LOSS,
                                                    MEMBER_ALIVE,
                                                    REFUSED,
                                                    UNDER_REPLICATED,
                                                    TOPOLOGY_UNKNOWN ->
                                                    false;
                                        })
                        .isPresent();
        return plan.operation().isEmpty() && !doubtful && sighting.observed().answers().isPresent();
    }

    /** The ring has answered: what follows from that is written down. */
    private Outcome answered(
            Ground ground,
            Sighting sighting,
            Answers.Change change,
            List<Fault> faults,
            Instant now) {
        Observed observed = sighting.observed().with(change);
        Optional<Operation> running = running(ground.read());
        Plan plan = planner.plan(ground.desired(), observed, running);
        if (change instanceof Answers.Change.Refused && running.isPresent()) {
            refusals.add(
                    ground.read().getMetadata().getUid(),
                    ground.desired(),
                    running.get(),
                    plan.hold(),
                    now);
        }
        Report report =
                new Report(ground.read(), sighting, plan, ground.desired().template(), faults);
        if (plan.operation().equals(running)) {
            return tell(ground, report);
        }
        return write(report, ClusterReport.of(report));
    }

    private Outcome tell(Ground ground, Report report) {
        status.writeIfNew(ground.read(), ClusterReport.of(report), report.now());
        return Outcome.of(report, ground.desired().paused() ? Outcome.IDLE : report.again());
    }
}
