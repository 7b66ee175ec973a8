package io.lilio.server.s3.request;

import io.lilio.server.s3.error.S3Error;
import io.lilio.server.s3.error.S3Exception;
import io.lilio.server.s3.xml.XmlReader;
import org.jspecify.annotations.Nullable;

/** {@code VersioningConfiguration}, the payload of PutBucketVersioning. */
public final class VersioningDocument {

    public static final String ROOT = "VersioningConfiguration";
    public static final long MAX_BYTES = 16 * 1024;

    private VersioningDocument() {}

    /**
     * @return whether versions are to be kept from now on
     * @throws S3Exception MalformedXML; NotImplemented for MFA delete
     */
    public static boolean parse(XmlReader document) {
        String status = null;
        String mfa = null;
        for (String child = document.nextChild(); child != null; child = document.nextChild()) {
            switch (child) {
                case "Status" -> status = once(status, document);
                case "MfaDelete" -> mfa = once(mfa, document);
                default -> throw new S3Exception(S3Error.MALFORMED_XML);
            }
        }
        if (mfa != null && !mfa.equals("Disabled")) {
            throw new S3Exception(S3Error.NOT_IMPLEMENTED, "MFA delete is not implemented.");
        }
        return switch (status) {
            case "Enabled" -> true;
            case "Suspended" -> false;
            case null, default -> throw new S3Exception(S3Error.MALFORMED_XML);
        };
    }

    private static String once(@Nullable String before, XmlReader document) {
        if (before != null) {
            throw new S3Exception(S3Error.MALFORMED_XML);
        }
        return document.text();
    }
}
