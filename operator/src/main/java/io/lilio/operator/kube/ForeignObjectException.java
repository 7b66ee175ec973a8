package io.lilio.operator.kube;

/** An object of a name that the operator needs belongs to somebody else. */
public final class ForeignObjectException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    /**
     * @param object its kind, namespace and name, for people
     */
    public ForeignObjectException(String object) {
        super(object + " is there and belongs to somebody else: remove or rename it");
    }
}
