package io.lilio.operator.admin;

import java.net.URI;
import java.util.List;

/**
 * Who belongs to an etcd, as one of its members tells and changes it. Thread-safe; blocking, for
 * ten seconds at most a call. Every method throws {@link EtcdException} when that member does not
 * answer, refuses, or answers what cannot be understood; what it was told may then have happened or
 * not.
 */
public interface EtcdMembership {

    /**
     * A member as etcd lists it.
     *
     * @param id its identity, never used again: hexadecimal digits, as {@code etcdctl} writes it
     * @param name empty as long as it has never started
     * @param peers where other members reach it
     */
    record Entry(String id, String name, List<URI> peers) {
        public Entry {
            peers = List.copyOf(peers);
        }

        /** Whether it has ever been there. */
        public boolean hasStarted() {
            return !name.isEmpty();
        }
    }

    /**
     * All members, as a majority of them knows it now.
     *
     * @param member where the one that is asked answers clients, such as {@code
     *     http://demo-etcd-0.demo-etcd-members.lab.svc:2379}
     */
    List<Entry> list(URI member);

    /**
     * Has etcd count one more member, which has to start with no data.
     *
     * @param member who is told
     * @param peer where the new one will be; etcd refuses a place where there is one already
     */
    void add(URI member, URI peer);

    /**
     * Has etcd forget a member for ever.
     *
     * @param member who is told
     * @param id of whom, as in {@link Entry}; one that is not there is refused
     */
    void remove(URI member, String id);
}
