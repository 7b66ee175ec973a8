package io.lilio.operator.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Which objects are written over, as a table. */
class OwnershipTest {

    private static final String OURS = "lilio-operator";

    record Case(Secret live, Secret wanted, boolean own, String why) {
        @Override
        public String toString() {
            return why;
        }
    }

    static final List<Case> CASES =
            List.of(
                    new Case(of(OURS, "a"), of(OURS, "a"), true, "the same owner"),
                    new Case(of("", "a"), of(OURS, "a"), true, "the same owner, label taken away"),
                    new Case(of(OURS, "b"), of(OURS, "a"), false, "another cluster's"),
                    new Case(of("helm", "b"), of(OURS, "a"), false, "somebody else's"),
                    new Case(of("", ""), of(OURS, "a"), false, "made by hand"),
                    new Case(of("helm", ""), of(OURS, "a"), false, "made by another program"),
                    new Case(of(OURS, ""), of(OURS, "a"), true, "kept by a former cluster"),
                    new Case(of(OURS, ""), of(OURS, ""), true, "kept"),
                    new Case(of(OURS, "a"), of(OURS, ""), true, "to be kept from now on"),
                    new Case(of("", ""), of(OURS, ""), false, "made by hand, to be kept"),
                    new Case(of("helm", "b"), of(OURS, ""), false, "another program's"));

    @ParameterizedTest
    @FieldSource("CASES")
    void whatIsOursIsTakenAndNothingElse(Case each) {
        assertThat(Ownership.isOwn(each.live(), each.wanted())).isEqualTo(each.own());
    }

    @Test
    void whatIsOfSomebodyIsOwnedByHimOrWasLeftBehind() {
        Secret owner = new SecretBuilder().withNewMetadata().withUid("a").endMetadata().build();
        assertThat(Ownership.isOf(of("", "a"), owner)).isTrue();
        assertThat(Ownership.isOf(of(OURS, ""), owner)).isTrue();
        assertThat(Ownership.isOf(of(OURS, "b"), owner)).isFalse();
        assertThat(Ownership.isOf(of("", ""), owner)).isFalse();
        assertThat(Ownership.isOwned(of("", "a"), owner)).isTrue();
        assertThat(Ownership.isOwned(of(OURS, ""), owner)).isFalse();
    }

    private static Secret of(String manager, String owner) {
        SecretBuilder builder =
                new SecretBuilder().withNewMetadata().withName("demo-root").endMetadata();
        if (!manager.isEmpty()) {
            builder.editMetadata().addToLabels(Ownership.MANAGED_BY, manager).endMetadata();
        }
        if (!owner.isEmpty()) {
            builder.editMetadata()
                    .addNewOwnerReference()
                    .withUid(owner)
                    .endOwnerReference()
                    .endMetadata();
        }
        return builder.build();
    }
}
