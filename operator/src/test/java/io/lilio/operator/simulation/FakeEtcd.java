package io.lilio.operator.simulation;

import io.lilio.operator.admin.EtcdException;
import io.lilio.operator.admin.EtcdMembership;
import io.lilio.operator.dependent.Names;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A managed etcd in memory, as far as its membership goes. A member that has no data does not begin
 * where its pod does not let it, nor where etcd does not list it, or lists fewer than the pods know
 * of. One that begins under an identity that had data serves, and has forgotten what was
 * acknowledged. Not thread-safe.
 */
public final class FakeEtcd implements EtcdMembership {

    private final Names names;
    private final int size;
    private final List<Entry> entries = new ArrayList<>();
    private final List<String> commands = new ArrayList<>();

    /** Which identity was begun on a volume, by its uid. */
    private final Map<String, String> begun = new HashMap<>();

    /** Where the data of an identity are. */
    private final Map<String, String> data = new HashMap<>();

    private final List<String> forgotten = new ArrayList<>();
    private final Set<String> running = new HashSet<>();
    private int identities;
    private int asked;
    private int commandsUntilCrash = -1;

    /**
     * @param names of its pods
     * @param size members that found it together
     */
    public FakeEtcd(Names names, int size) {
        this.names = names;
        this.size = size;
    }

    /** What was carried out, such as {@code remove 8e9e0002}. */
    public List<String> commands() {
        return List.copyOf(commands);
    }

    /** How often somebody wanted to know who belongs to it. */
    public int asked() {
        return asked;
    }

    /** Has the operator die right after its n-th command from now on; 0: never. */
    public void crashAfterCommands(int next) {
        commandsUntilCrash = next == 0 ? -1 : next;
    }

    /** Who belongs to it. */
    public List<Entry> entries() {
        return List.copyOf(entries);
    }

    /** Identities that were begun with anew where there had been data of theirs. */
    public List<String> forgotten() {
        return List.copyOf(forgotten);
    }

    /** An identity that there never was before. */
    public String identity() {
        return "8e9e%04x".formatted(++identities);
    }

    /**
     * A pod starts.
     *
     * @param peer where its others reach it
     * @param volume uid of its claim
     * @param admitted whether the pod lets it begin with no data
     * @return whether it serves then; it ends otherwise
     */
    public boolean starts(String pod, URI peer, String volume, boolean admitted) {
        @Nullable String identity = begun.get(volume);
        boolean serves =
                identity == null ? admitted && begins(pod, peer, volume) : has(identity, volume);
        if (serves) {
            running.add(pod);
        } else {
            running.remove(pod);
        }
        return serves;
    }

    /** A pod ends. */
    public void stops(String pod) {
        running.remove(pod);
    }

    private boolean has(String identity, String volume) {
        return find(identity).isPresent() && volume.equals(data.get(identity));
    }

    private boolean begins(String pod, URI peer, String volume) {
        if (identities == 0) {
            found();
        }
        Optional<Entry> entry = at(peer);
        if (entry.isEmpty() || entries.size() != size) {
            return false;
        }
        String id = entry.get().id();
        begun.put(volume, id);
        if (data.put(id, volume) != null) {
            forgotten.add(id);
        }
        entries.replaceAll(each -> each.id().equals(id) ? new Entry(id, pod, each.peers()) : each);
        return true;
    }

    private void found() {
        for (int ordinal = 0; ordinal < size; ordinal++) {
            entries.add(new Entry(identity(), "", List.of(names.etcdPeer(ordinal))));
        }
    }

    private Optional<Entry> find(String id) {
        return entries.stream().filter(entry -> entry.id().equals(id)).findFirst();
    }

    private Optional<Entry> at(URI peer) {
        return entries.stream().filter(entry -> entry.peers().contains(peer)).findFirst();
    }

    @Override
    public List<Entry> list(URI member) {
        asked++;
        heard(member);
        return entries();
    }

    private void heard(URI member) {
        String pod = member.getHost().substring(0, member.getHost().indexOf('.'));
        long up = entries.stream().filter(entry -> running.contains(entry.name())).count();
        if (!running.contains(pod) || up < entries.size() / 2 + 1) {
            throw refused(member + " did not answer within 10 s");
        }
    }

    @Override
    public void add(URI member, URI peer) {
        heard(member);
        if (at(peer).isPresent()) {
            throw refused("etcdserver: Peer URLs already exists");
        }
        if (entries.stream().anyMatch(entry -> !running.contains(entry.name()))) {
            throw refused("etcdserver: unhealthy cluster");
        }
        entries.add(new Entry(identity(), "", List.of(peer)));
        carriedOut("add " + peer.getHost());
    }

    @Override
    public void remove(URI member, String id) {
        heard(member);
        Entry gone = find(id).orElseThrow(() -> refused("etcdserver: member not found"));
        entries.remove(gone);
        running.remove(gone.name());
        carriedOut("remove " + id);
    }

    private void carriedOut(String command) {
        commands.add(command);
        if (commandsUntilCrash > 0 && --commandsUntilCrash == 0) {
            commandsUntilCrash = -1;
            throw new FakeKubernetes.Crash(command);
        }
    }

    /** Whether it has an entry of a pod's member that has started. */
    boolean hasStarted(String pod) {
        return entries.stream().anyMatch(entry -> entry.name().equals(pod));
    }

    /** Whether the member of an identity serves. */
    boolean serves(String id) {
        return find(id).filter(entry -> running.contains(entry.name())).isPresent();
    }

    /** Whether a volume has the data of a member that etcd counts. */
    boolean isNeeded(String volume) {
        @Nullable String id = begun.get(volume);
        return id != null && has(id, volume);
    }

    private static EtcdException refused(String why) {
        return new EtcdException(why, new IllegalStateException(why));
    }
}
