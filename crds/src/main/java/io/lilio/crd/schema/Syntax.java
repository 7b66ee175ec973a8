package io.lilio.crd.schema;

/** Patterns (RE2) and lengths that several fields share. */
public final class Syntax {

    /** A DNS label (RFC 1123), as names of namespaces are. */
    public static final String LABEL = "^[a-z0-9]([-a-z0-9]*[a-z0-9])?$";

    public static final int LABEL_MAX = 63;

    /** A DNS subdomain (RFC 1123), as most names of objects are. */
    public static final String SUBDOMAIN =
            "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$";

    public static final int SUBDOMAIN_MAX = 253;

    /** A tag of an image (OCI distribution specification). */
    public static final String TAG = "^[a-zA-Z0-9_][a-zA-Z0-9._-]*$";

    public static final int TAG_MAX = 128;

    /** An image's repository without tag and digest: {@code host:port/path} or {@code path}. */
    public static final String REPOSITORY =
            "^([a-zA-Z0-9.-]+(:[0-9]{1,5})?/)?[a-z0-9]+([._-]+[a-z0-9]+)*(/[a-z0-9]+([._-]+[a-z0-9]+)*)*$";

    /** An amount as Kubernetes writes it, never negative: {@code 100Gi}. */
    public static final String QUANTITY =
            "^[0-9]+(\\.[0-9]*)?(([KMGTPE]i)|[numkMGTPE]|([eE][-+]?[0-9]+))?$";

    public static final int QUANTITY_MAX = 32;

    /** A UUID in lower case. */
    public static final String UUID =
            "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$";

    public static final int UUID_LENGTH = 36;

    /** One word in camel case, as reasons and phases are. */
    public static final String WORD = "^[A-Z][A-Za-z0-9]*$";

    public static final int WORD_MAX = 64;

    /** An address of HTTP or HTTPS. */
    public static final String URL = "^https?://.+$";

    public static final int URL_MAX = 512;

    /** A member of an etcd: {@code host:port}, with its scheme or without. */
    public static final String ENDPOINT =
            "^(https?://)?([A-Za-z0-9.-]+|\\[[0-9a-fA-F:.]+\\]):[0-9]{1,5}$";

    private Syntax() {}
}
