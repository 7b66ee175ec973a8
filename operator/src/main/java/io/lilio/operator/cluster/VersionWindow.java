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

    /** What holds where a spec asks for a release that is not understood: no pod is given it. */
    static Optional<Fault> ofSpec(String version, String operator) {
        return understands(version, operator)
                ? Optional.empty()
                : Optional.of(
                        Fault.holding(
                                ClusterReason.VERSION_UNSUPPORTED,
                                ("spec.version is %s, and this operator is %s, which understands"
                                                + " the minor release before its own and the one after: bring"
                                                + " the operator nearer to it first, or put the former version"
                                                + " back")
                                        .formatted(version, operator)));
    }

    /** What is wrong where storage nodes run one. */
    static Optional<String> ofNodes(String version, String operator) {
        return understands(version, operator)
                ? Optional.empty()
                : Optional.of(
                        ("storage nodes run %s, and this operator is %s, which understands the"
                                        + " minor release before its own and the one after: bring the operator"
                                        + " nearer to it first, or set spec.version to a release that it"
                                        + " understands")
                                .formatted(version, operator));
    }

    private static boolean understands(String version, String operator) {
        Matcher theirs = RELEASE.matcher(version);
        Matcher own = RELEASE.matcher(operator);
        return !theirs.matches()
                || !own.matches()
                || number(theirs, 1) == number(own, 1)
                        && Math.abs(number(theirs, 2) - number(own, 2)) <= 1;
    }

    private static int number(Matcher version, int group) {
        return Integer.parseInt(version.group(group));
    }
}
