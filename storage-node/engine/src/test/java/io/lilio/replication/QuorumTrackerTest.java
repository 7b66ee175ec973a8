package io.lilio.replication;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lilio.replication.QuorumTracker.Verdict;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** All members up to five, all quorums, all answers in all orders. */
class QuorumTrackerTest {

    private static final int MAX_MEMBERS = 5;

    @Test
    void decidesAtTheFirstAnswerThatSettlesItAndNeverChanges() {
        int histories = 0;
        for (int members = 0; members <= MAX_MEMBERS; members++) {
            for (List<Integer> order : permutations(members)) {
                for (int answers = 0; answers < 1 << members; answers++) {
                    for (int needed = 1; needed <= MAX_MEMBERS; needed++) {
                        check(members, needed, order, answers);
                        histories++;
                    }
                }
            }
        }
        assertThat(histories).isEqualTo(5 * (1 + 2 + 2 * 4 + 6 * 8 + 24 * 16 + 120 * 32));
    }

    private static void check(int members, int needed, List<Integer> order, int answers) {
        QuorumTracker tracker = new QuorumTracker(members, needed);
        int yes = 0;
        int no = 0;
        Verdict before = expected(members, needed, 0, 0);
        assertThat(tracker.verdict()).isEqualTo(before);
        for (int place : order) {
            boolean says = (answers & 1 << place) != 0;
            assertThat(tracker.complete()).isFalse();
            Verdict verdict = says ? tracker.yes(place) : tracker.no(place);
            yes += says ? 1 : 0;
            no += says ? 0 : 1;
            assertThat(verdict)
                    .as("%d needed of %d, %d yes, %d no", needed, members, yes, no)
                    .isEqualTo(expected(members, needed, yes, no))
                    .isEqualTo(tracker.verdict());
            assertThat(before == Verdict.OPEN || before == verdict).isTrue();
            before = verdict;
            assertThat(tracker.saidYes(place)).isEqualTo(says);
            assertThat(tracker.saidNo(place)).isEqualTo(!says);
            assertThat(tracker.yesCount()).isEqualTo(yes);
            assertThat(tracker.noCount()).isEqualTo(no);
        }
        assertThat(tracker.complete()).isTrue();
        assertThat(tracker.verdict()).isNotEqualTo(Verdict.OPEN);
    }

    private static Verdict expected(int members, int needed, int yes, int no) {
        if (yes >= needed) {
            return Verdict.REACHED;
        }
        return members - no < needed ? Verdict.IMPOSSIBLE : Verdict.OPEN;
    }

    @Test
    void aSecondAnswerOfTheSameMemberDoesNotCount() {
        QuorumTracker tracker = new QuorumTracker(3, 2);
        tracker.yes(1);
        assertThat(tracker.yes(1)).isEqualTo(Verdict.OPEN);
        assertThat(tracker.no(1)).isEqualTo(Verdict.OPEN);
        assertThat(tracker.saidNo(1)).isFalse();
        assertThat(tracker.yes(0)).isEqualTo(Verdict.REACHED);
    }

    /** W + R > N: whatever W members acked, no R members can all be without it. */
    @Test
    void aNegativeReadQuorumNeverFormsWhileAWriteQuorumHoldsTheChunk() {
        for (int n = 1; n <= MAX_MEMBERS; n++) {
            for (int w = 1; w <= n; w++) {
                for (int r = n - w + 1; r <= n; r++) {
                    for (int holders = 0; holders < 1 << n; holders++) {
                        QuorumTracker acks = new QuorumTracker(n, w);
                        QuorumTracker missing = new QuorumTracker(n, r);
                        for (int place = 0; place < n; place++) {
                            if ((holders & 1 << place) != 0) {
                                acks.yes(place);
                                missing.no(place);
                            } else {
                                acks.no(place);
                                missing.yes(place);
                            }
                        }
                        assertThat(
                                        acks.verdict() == Verdict.REACHED
                                                && missing.verdict() == Verdict.REACHED)
                                .as("N=%d W=%d R=%d holders %s", n, w, r, holders)
                                .isFalse();
                    }
                }
            }
        }
    }

    @Test
    void refusesWhatMakesNoSense() {
        assertThatThrownBy(() -> new QuorumTracker(3, 0))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new QuorumTracker(3, 2).yes(3))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static List<List<Integer>> permutations(int count) {
        if (count == 0) {
            return List.of(List.of());
        }
        List<List<Integer>> all = new ArrayList<>();
        for (List<Integer> shorter : permutations(count - 1)) {
            for (int at = 0; at < count; at++) {
                List<Integer> longer = new ArrayList<>(shorter);
                longer.add(at, count - 1);
                all.add(longer);
            }
        }
        return all;
    }
}
