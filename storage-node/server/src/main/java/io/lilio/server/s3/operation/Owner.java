package io.lilio.server.s3.operation;

import io.lilio.server.s3.xml.XmlDocument;

/**
 * The owner of all buckets and objects. There is one account: access keys differ in what they may
 * do, not in what they own.
 */
public final class Owner {

    /** Canonical user ids of S3 have 64 hexadecimal digits; this one is SHA-256 of "lilio". */
    public static final String ID =
            "b9f5c251b75592dec3147f60537591af8c6f67e75658dce4935e6ba0b077f877";

    static final String DISPLAY_NAME = "lilio";

    private Owner() {}

    static void write(XmlDocument document, String element) {
        document.open(element).element("ID", ID).element("DisplayName", DISPLAY_NAME).close();
    }
}
