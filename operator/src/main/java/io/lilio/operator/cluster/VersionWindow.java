package io.lilio.operator.cluster;

import io.lilio.crd.cluster.ClusterReason;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether the operator understands storage nodes of a release: of its own minor release, the one
 * before, and the one after (DESIGN §13, rule 7). A version that is no number is not judged.
 */
final class VersionWindow {

    private static final Pattern RELEASE = Pattern.compile("v?([0-9]{1,6})\\.([0-9]{1,6})(\\..*)?");

    private VersionWindow() {}

    static Optional<Fault> check(String nodes, String operator) {
        Matcher theirs = RELEASE.matcher(nodes);
        Matcher own = RELEASE.matcher(operator);
        boolean known = theirs.matches() && own.matches();
        if (!known) {
            return Optional.empty();
        }
        int apart = Math.abs(number(theirs, 2) - number(own, 2));
        return number(theirs, 1) == number(own, 1) && apart <= 1
                ? Optional.empty()
                : Optional.of(
                        Fault.holding(
                                ClusterReason.VERSION_UNSUPPORTED,
                                ("storage nodes run %s, and this operator is %s, which understands"
                                                + " the minor release before its own and the one"
                                                + " after: bring the operator nearer to it first")
                                        .formatted(nodes, operator)));
    }

    private static int number(Matcher version, int group) {
        return Integer.parseInt(version.group(group));
    }
}
