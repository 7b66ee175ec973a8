package io.lilio.operator.simulation;

import io.lilio.operator.admin.EtcdException;
import io.lilio.operator.admin.EtcdMembership;
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
 * A managed etcd in memory, as far as its membership goes. A member that begins with no data under
 * an identity that had some fails for ever, and so does its volume; one that etcd does not list, or
 * with fewer listed than the pods know of, does not begin. Not thread-safe.
 */
public final class FakeEtcd implements EtcdMembership {

    private final int size;
    private final List<Entry> entries = new ArrayList<>();
    private final List<String> commands = new ArrayList<>();

    /** Which identity was begun on a volume, by its uid. */
    private final Map<String, String> begun = new HashMap<>();

    /** Where the data of an identity are. */
    private final Map<String, String> data = new HashMap<>();

    private final Set<String> running = new HashSet<>();
    private int identities;
    private int asked;
    private int commandsUntilCrash = -1;

    /**
     * @param size members that found it together
     */
    public FakeEtcd(int size) {
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

    /** An identity that there never was before. */
    public String identity() {
        return "8e9e%04x".formatted(++identities);
    }

    /**
     * A pod starts.
     *
     * @param peer where its others reach it
     * @param volume uid of its claim
     * @return whether it serves then; it ends otherwise
     */
    public boolean starts(String pod, URI peer, String volume) {
        boolean serves = begins(pod, peer, volume);
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

    private boolean begins(String pod, URI peer, String volume) {
        @Nullable String identity = begun.get(volume);
        if (identity != null) {
            return find(identity).isPresent() && volume.equals(data.get(identity));
        }
        if (identities < size && at(peer).isEmpty()) {
            entries.add(new Entry(identity(), pod, List.of(peer)));
        }
        Optional<Entry> entry = at(peer);
        if (entry.isEmpty() || identities >= size && entries.size() != size) {
            return false;
        }
        String id = entry.get().id();
        begun.put(volume, id);
        if (data.putIfAbsent(id, volume) != null) {
            return false;
        }
        entries.replaceAll(each -> each.id().equals(id) ? new Entry(id, pod, each.peers()) : each);
        return true;
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

    /** Whether the member of an identity serves. */
    boolean serves(String id) {
        return find(id).filter(entry -> running.contains(entry.name())).isPresent();
    }

    /** Whether a volume has the data of a member that etcd counts. */
    boolean isNeeded(String volume) {
        @Nullable String id = begun.get(volume);
        return id != null && find(id).isPresent() && volume.equals(data.get(id));
    }

    private static EtcdException refused(String why) {
        return new EtcdException(why, new IllegalStateException(why));
    }
}
