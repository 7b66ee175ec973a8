package io.lilio.operator.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Whose an object is, and whether it may be written over (DESIGN §13, rule 11). Pure. */
public final class Ownership {

    /** Who made an object: the operator, where it is {@link FabricKubernetes#MANAGER}. */
    static final String MANAGED_BY = "app.kubernetes.io/managed-by";

    private Ownership() {}

    /** Whether an object goes when another one goes. */
    public static boolean isOwned(HasMetadata object, HasMetadata owner) {
        return owners(object).stream()
                .anyMatch(each -> Objects.equals(each.getUid(), owner.getMetadata().getUid()));
    }

    /** The same, or whether a former owner of its name has left it behind. */
    public static boolean isOf(HasMetadata object, HasMetadata owner) {
        return owners(object).isEmpty() ? isManaged(object) : isOwned(object, owner);
    }

    /**
     * Whether an object belongs to whom another one of its name is to belong to.
     *
     * <p>To be owned by the owner that {@code wanted} names is proof. One without any owner that
     * carries the operator's label was kept for its successor, and is taken over. Where {@code
     * wanted} names no owner, the label is proof.
     */
    public static boolean isOwn(HasMetadata live, HasMetadata wanted) {
        List<OwnerReference> owners = owners(live);
        List<OwnerReference> named = owners(wanted);
        if (named.isEmpty() || owners.isEmpty()) {
            return isManaged(live);
        }
        return named.stream()
                .anyMatch(
                        each ->
                                owners.stream()
                                        .anyMatch(
                                                owner ->
                                                        Objects.equals(
                                                                owner.getUid(), each.getUid())));
    }

    private static List<OwnerReference> owners(HasMetadata object) {
        return Objects.requireNonNullElse(object.getMetadata().getOwnerReferences(), List.of());
    }

    private static boolean isManaged(HasMetadata object) {
        Map<String, String> labels =
                Objects.requireNonNullElse(object.getMetadata().getLabels(), Map.of());
        return FabricKubernetes.MANAGER.equals(labels.get(MANAGED_BY));
    }
}
