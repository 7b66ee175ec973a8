package io.lilio.operator.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rights as they stand in roles. */
class RightTest {

    private static final HasMetadata ROLE =
            new RoleBuilder()
                    .withNewMetadata()
                    .withName("operator")
                    .endMetadata()
                    .addNewRule()
                    .withApiGroups("")
                    .withResources("services", "configmaps")
                    .withVerbs("get", "patch")
                    .endRule()
                    .addNewRule()
                    .withApiGroups("coordination.k8s.io")
                    .withResources("leases")
                    .withResourceNames("lilio-operator")
                    .withVerbs("get")
                    .endRule()
                    .build();

    @Test
    void eachVerbOnEachResourceIsOne() {
        assertThat(Right.of(List.of(ROLE)))
                .extracting(Right::toString)
                .containsExactly(
                        "get services",
                        "patch services",
                        "get configmaps",
                        "patch configmaps",
                        "get leases.coordination.k8s.io");
    }

    @Test
    void whatIsTakenAwayIsGoneAndNothingElse() {
        List<Right> all = Right.of(List.of(ROLE));
        for (Right right : all) {
            HasMetadata less = Right.without(ROLE, right);
            assertThat(Right.of(List.of(less))).hasSize(all.size() - 1).doesNotContain(right);
        }
    }

    @Test
    void namesThatARightIsBoundToStay() {
        Role less = (Role) Right.without(ROLE, new Right("operator", "", "services", "get"));
        assertThat(less.getRules())
                .filteredOn(rule -> rule.getResources().contains("leases"))
                .singleElement()
                .satisfies(
                        rule ->
                                assertThat(rule.getResourceNames())
                                        .containsExactly("lilio-operator"));
    }

    @Test
    void theSameRightOfAnotherRoleStays() {
        assertThat(Right.without(ROLE, new Right("leader", "", "services", "get"))).isEqualTo(ROLE);
    }
}
