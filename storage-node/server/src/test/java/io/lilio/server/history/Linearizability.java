package io.lilio.server.history;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Decides whether the history of one key is linearizable: whether there is an order of its
 * operations that respects real time and in which each could have had the outcome it had. The
 * search is that of Wing and Gong with the memory of Lowe ("Testing for linearizability", 2017): an
 * operation may come next when it was called before any other open operation returned; a set of
 * operations done that was tried before with the same state is not tried again.
 */
public final class Linearizability {

    private record Tried(BitSet done, String state) {}

    /** A call or a return in the order of time. */
    private static final class Event {
        final int operation;
        final boolean call;
        Event previous = this;
        Event next = this;

        Event(int operation, boolean call) {
            this.operation = operation;
            this.call = call;
        }
    }

    private record Step(Event call, String stateBefore) {}

    private final List<Operation> operations;
    private final Event[] calls;
    private final Event[] returns;
    private final Event head = new Event(-1, false);

    /**
     * Of writes with an unknown outcome that are as good as each other, the one that was called
     * before. One is tried only when that was placed, for it could take its place; -1 for none.
     */
    private final int[] sameBefore;

    private final AwaitedValues awaited;

    private Linearizability(List<Operation> operations) {
        this.operations = operations;
        calls = new Event[operations.size()];
        returns = new Event[operations.size()];
        sameBefore = UnknownWrites.sameBefore(operations);
        awaited = new AwaitedValues(operations);
        record Timed(long at, Event event) {}
        List<Timed> events = new ArrayList<>();
        for (int i = 0; i < operations.size(); i++) {
            Operation operation = operations.get(i);
            calls[i] = new Event(i, true);
            events.add(new Timed(operation.callNanos(), calls[i]));
            if (operation.returnNanos() != Operation.NEVER) {
                returns[i] = new Event(i, false);
                events.add(new Timed(operation.returnNanos(), returns[i]));
            }
        }
        // At the same instant calls come first: the operations count as concurrent.
        events.sort(
                Comparator.comparingLong(Timed::at)
                        .thenComparingInt(timed -> timed.event().call ? 0 : 1));
        Event last = head;
        for (Timed timed : events) {
            insertAfter(last, timed.event());
            last = timed.event();
        }
    }

    /** A sentence that shows where a history stops being linearizable; empty when it is. */
    public static Optional<String> violation(String key, List<Operation> history) {
        List<Operation> all = UnknownWrites.bounded(history);
        List<Operation> fewer = UnknownWrites.withoutUnseen(all);
        Optional<String> violation = new Linearizability(fewer).search(key);
        // What nobody saw can still be why something was refused.
        return violation.isPresent() && fewer.size() < all.size()
                ? new Linearizability(all).search(key)
                : violation;
    }

    private Optional<String> search(String key) {
        String state = Operation.ABSENT;
        BitSet done = new BitSet();
        Set<Tried> tried = new HashSet<>();
        List<Step> path = new ArrayList<>();
        int deepest = 0;
        Event stuckAt = head;
        Event event = head.next;
        while (true) {
            if (event == head) {
                return Optional.empty(); // only operations with an unknown outcome are left
            }
            if (event.call) {
                Operation.Effect effect = operations.get(event.operation).effect();
                String after = effect.after(state);
                BitSet next = (BitSet) done.clone();
                next.set(event.operation);
                if (effect.allowedIn(state) && isWorthTrying(event.operation, state, after, next)) {
                    if (tried.add(new Tried(next, after))) {
                        path.add(new Step(event, state));
                        done = next;
                        state = after;
                        lift(event);
                        event = head.next;
                        continue;
                    }
                }
                event = event.next;
                continue;
            }
            // A return of an operation that has not been placed: everything that could precede it
            // was tried.
            if (path.size() >= deepest) {
                deepest = path.size();
                stuckAt = event;
            }
            if (path.isEmpty()) {
                return Optional.of(explain(key, deepest, stuckAt));
            }
            Step last = path.removeLast();
            done = (BitSet) done.clone();
            done.clear(last.call.operation);
            state = last.stateBefore;
            unlift(last.call);
            event = last.call.next;
        }
    }

    /**
     * Whether this can lead anywhere where another order would not.
     *
     * @param done the operation itself among them
     */
    private boolean isWorthTrying(int operation, String state, String after, BitSet done) {
        if (returns[operation] == null && after.equals(state)) {
            return false; // it may as well never happen
        }
        if (sameBefore[operation] >= 0 && !done.get(sameBefore[operation])) {
            return false;
        }
        return after.equals(state) || !awaited.isAwaited(state, done);
    }

    private String explain(String key, int deepest, Event stuckAt) {
        StringBuilder text =
                new StringBuilder(
                        "the history of %s is not linearizable: %d of %d operations can be ordered, then %s fits nowhere; around it:"
                                .formatted(
                                        key,
                                        deepest,
                                        operations.size(),
                                        operations.get(stuckAt.operation)));
        Operation stuck = operations.get(stuckAt.operation);
        operations.stream()
                .filter(
                        other ->
                                other.callNanos() <= stuck.returnNanos()
                                        && other.returnNanos() >= stuck.callNanos())
                .sorted(Comparator.comparingLong(Operation::callNanos))
                .limit(40)
                .forEach(other -> text.append("\n  ").append(other));
        return text.toString();
    }

    private static void insertAfter(Event place, Event event) {
        event.previous = place;
        event.next = place.next;
        place.next.previous = event;
        place.next = event;
    }

    private void lift(Event call) {
        unlink(call);
        Event end = returns[call.operation];
        if (end != null) {
            unlink(end);
        }
    }

    private void unlift(Event call) {
        Event end = returns[call.operation];
        if (end != null) {
            relink(end);
        }
        relink(call);
    }

    private static void unlink(Event event) {
        event.previous.next = event.next;
        event.next.previous = event.previous;
    }

    private static void relink(Event event) {
        event.previous.next = event;
        event.next.previous = event;
    }
}
