package io.lilio.operator.apiserver;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.rbac.ClusterRole;
import io.fabric8.kubernetes.api.model.rbac.ClusterRoleBuilder;
import io.fabric8.kubernetes.api.model.rbac.PolicyRule;
import io.fabric8.kubernetes.api.model.rbac.PolicyRuleBuilder;
import io.fabric8.kubernetes.api.model.rbac.Role;
import io.fabric8.kubernetes.api.model.rbac.RoleBuilder;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * One verb on one kind of resource.
 *
 * @param role the name of the role that it stands in
 * @param group of the API; empty for the core
 * @param resource with its subresource, such as {@code pods/eviction}
 */
record Right(String role, String group, String resource, String verb) {

    /** All that the roles among some objects allow, each once. */
    static List<Right> of(List<HasMetadata> objects) {
        Set<Right> rights = new LinkedHashSet<>();
        for (HasMetadata object : objects) {
            for (PolicyRule rule : rules(object)) {
                for (PolicyRule single : singles(rule)) {
                    single.getVerbs()
                            .forEach(
                                    verb ->
                                            rights.add(
                                                    of(
                                                            object.getMetadata().getName(),
                                                            single,
                                                            verb)));
                }
            }
        }
        return List.copyOf(rights);
    }

    private static Right of(String role, PolicyRule single, String verb) {
        return new Right(
                role, single.getApiGroups().getFirst(), single.getResources().getFirst(), verb);
    }

    private static List<PolicyRule> rules(HasMetadata object) {
        return switch (object) {
            case Role role -> role.getRules();
            case ClusterRole role -> role.getRules();
            default -> List.of();
        };
    }

    /** The same as rules for one resource of one group each. */
    private static List<PolicyRule> singles(PolicyRule rule) {
        List<PolicyRule> singles = new ArrayList<>();
        for (String group : rule.getApiGroups()) {
            for (String resource : rule.getResources()) {
                singles.add(
                        new PolicyRuleBuilder(rule)
                                .withApiGroups(group)
                                .withResources(resource)
                                .build());
            }
        }
        return singles;
    }

    /** The same object; a role without that right, if it has it. */
    static HasMetadata without(HasMetadata object, Right right) {
        if (!object.getMetadata().getName().equals(right.role())) {
            return object;
        }
        return switch (object) {
            case Role role -> new RoleBuilder(role).withRules(right.taken(role.getRules())).build();
            case ClusterRole role ->
                    new ClusterRoleBuilder(role).withRules(right.taken(role.getRules())).build();
            default -> object;
        };
    }

    private List<PolicyRule> taken(List<PolicyRule> rules) {
        return rules.stream()
                .flatMap(rule -> singles(rule).stream())
                .map(this::taken)
                .filter(rule -> !rule.getVerbs().isEmpty())
                .toList();
    }

    private PolicyRule taken(PolicyRule single) {
        boolean concerned =
                single.getApiGroups().contains(group) && single.getResources().contains(resource);
        return concerned ? new PolicyRuleBuilder(single).removeFromVerbs(verb).build() : single;
    }

    /** Such as {@code create pods/eviction}. */
    @Override
    public String toString() {
        return verb + " " + resource + (group.isEmpty() ? "" : "." + group);
    }
}
