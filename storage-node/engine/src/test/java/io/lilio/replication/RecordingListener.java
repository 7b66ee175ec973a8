package io.lilio.replication;

import io.lilio.chunk.ChunkId;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Writes down what it is told, one line each. */
final class RecordingListener implements ReplicationListener {

    private final List<String> lines = new CopyOnWriteArrayList<>();

    List<String> lines() {
        return List.copyOf(lines);
    }

    long count(String line) {
        return lines.stream().filter(line::equals).count();
    }

    @Override
    public void quorumWrite(boolean reached, int attempted, int succeeded) {
        lines.add("write " + reached + " " + attempted + " " + succeeded);
    }

    @Override
    public void quorumRead(boolean served, int attempted, int succeeded) {
        lines.add("read " + served + " " + attempted + " " + succeeded);
    }

    @Override
    public void hedged(boolean won) {
        lines.add("hedged " + won);
    }

    @Override
    public void stragglerDropped(MemberStore member) {
        lines.add("dropped " + member.name());
    }

    @Override
    public void corruptReplica(MemberStore member, ChunkId chunk) {
        lines.add("corrupt " + member.name());
    }

    @Override
    public void conflictingReplicas(ChunkId chunk) {
        lines.add("conflict");
    }

    @Override
    public void repaired(MemberStore member, ChunkId chunk) {
        lines.add("repaired " + member.name());
    }

    @Override
    public void repairFailed(ChunkId chunk) {
        lines.add("repair failed");
    }

    @Override
    public void confirmationsDropped(int count) {
        lines.add("confirmations dropped " + count);
    }

    @Override
    public void breakerChanged(MemberStore member, boolean writes, BreakerState state) {
        lines.add("breaker " + member.name() + (writes ? " writes " : " reads ") + state);
    }
}
