package io.lilio.server.admin;

import io.lilio.admin.api.MemberStatus;
import io.lilio.chunk.BackendHealth;
import io.lilio.chunk.BackendUsage;
import io.lilio.chunk.MarkedChunk;
import io.lilio.placement.Member;
import io.lilio.placement.MemberId;
import io.lilio.replication.MemberClient;
import io.lilio.replication.Members;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Asks all members how they fare, at once, and waits for none longer than a moment: one that is
 * away is shown as not having answered. Thread-safe.
 */
final class MemberProbe {

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private final ThreadFactory threads;

    /**
     * @param threads makes virtual threads
     */
    MemberProbe(ThreadFactory threads) {
        this.threads = threads;
    }

    private record Answer(BackendHealth health, BackendUsage usage) {}

    /**
     * What a member was asked.
     *
     * @param since the second question, which its medium has to answer: one that hangs still tells
     *     how it fares
     */
    private record Asked(FutureTask<Answer> answer, FutureTask<Optional<Instant>> since) {}

    List<MemberStatus> ask(List<Member> members, Members reached) {
        Map<MemberId, Asked> asked = new HashMap<>();
        for (Member member : members) {
            reached.find(member.id()).ifPresent(client -> asked.put(member.id(), ask(client)));
        }
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        List<MemberStatus> all = new ArrayList<>();
        for (Member member : members) {
            Optional<Asked> questions = Optional.ofNullable(asked.get(member.id()));
            Optional<Answer> answer = questions.flatMap(q -> await(q.answer(), deadline));
            Optional<Instant> since =
                    questions.flatMap(q -> await(q.since(), deadline)).flatMap(told -> told);
            all.add(status(member, reached.find(member.id()), answer, since));
        }
        return all;
    }

    private Asked ask(MemberClient client) {
        return new Asked(
                begin(() -> new Answer(client.health(), client.usage())),
                begin(() -> oldestMark(client)));
    }

    private <T> FutureTask<T> begin(Callable<T> question) {
        FutureTask<T> task = new FutureTask<>(question);
        threads.newThread(task).start();
        return task;
    }

    /** Marks are kept in the order of their age, so that this is a look at the first. */
    private static Optional<Instant> oldestMark(MemberClient client) {
        return client.unconfirmed(Duration.ZERO, null, 1).stream()
                .map(MarkedChunk::since)
                .findFirst();
    }

    private static <T> Optional<T> await(FutureTask<T> task, long deadline) {
        try {
            return Optional.of(
                    task.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS));
        } catch (TimeoutException | ExecutionException silent) {
            return Optional.empty(); // shown as not having answered
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private static MemberStatus status(
            Member member,
            Optional<MemberClient> client,
            Optional<Answer> answer,
            Optional<Instant> since) {
        return new MemberStatus(
                member.id().value(),
                member.name(),
                member.node(),
                member.state().name(),
                client.map(c -> c.member().local()).orElse(false),
                answer.isPresent(),
                answer.map(a -> health(a.health())).orElse(null),
                answer.map(a -> usage(a.usage(), since)).orElse(null),
                client.map(MemberProbe::calls).orElse(null));
    }

    private static MemberStatus.Health health(BackendHealth health) {
        return new MemberStatus.Health(
                health.state().name(),
                health.detail(),
                known(health.capacityBytes()),
                known(health.freeBytes()));
    }

    private static @Nullable Long known(long bytes) {
        return bytes < 0 ? null : Long.valueOf(bytes);
    }

    private static MemberStatus.Usage usage(BackendUsage usage, Optional<Instant> since) {
        return new MemberStatus.Usage(
                usage.chunks(),
                usage.payloadBytes(),
                usage.storedBytes(),
                usage.unconfirmed(),
                usage.unconfirmed() == 0 ? null : since.orElse(null),
                usage.loss() != 0);
    }

    private static MemberStatus.Calls calls(MemberClient client) {
        return new MemberStatus.Calls(
                client.readState().name(), client.writeState().name(), client.hangingCalls());
    }
}
