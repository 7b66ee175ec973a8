package io.lilio.server.s3.request;

import io.lilio.server.s3.error.S3Error;
import io.lilio.server.s3.error.S3Exception;
import io.lilio.server.s3.xml.XmlReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * {@code Delete}, the payload of DeleteObjects.
 *
 * @param objects what to delete, 1 to {@value #MAX_OBJECTS}
 * @param quiet whether the answer names failures only
 */
public record DeleteDocument(List<Target> objects, boolean quiet) {

    public static final String ROOT = "Delete";

    /** 1,000 keys of 1,024 bytes, with version ids, ETags and white space. */
    public static final long MAX_BYTES = 2 * 1024 * 1024;

    private static final int MAX_OBJECTS = 1_000;

    /**
     * One of them.
     *
     * @param key as the client names it; may be too long or empty
     * @param versionId which version; without it, the current one
     * @param etag the condition that the version deleted has this ETag, or {@code *}
     */
    public record Target(String key, Optional<String> versionId, Optional<String> etag) {}

    public DeleteDocument {
        objects = List.copyOf(objects);
    }

    /**
     * @throws S3Exception MalformedXML, also for no object or more than {@value #MAX_OBJECTS};
     *     NotImplemented for conditions that only directory buckets have
     */
    public static DeleteDocument parse(XmlReader document) {
        List<Target> objects = new ArrayList<>();
        boolean quiet = false;
        for (String child = document.nextChild(); child != null; child = document.nextChild()) {
            switch (child) {
                case "Quiet" -> quiet = bool(document.text());
                case "Object" -> {
                    if (objects.size() == MAX_OBJECTS) {
                        throw new S3Exception(S3Error.MALFORMED_XML);
                    }
                    objects.add(target(document));
                }
                default -> throw new S3Exception(S3Error.MALFORMED_XML);
            }
        }
        if (objects.isEmpty()) {
            throw new S3Exception(S3Error.MALFORMED_XML);
        }
        return new DeleteDocument(objects, quiet);
    }

    private static Target target(XmlReader document) {
        String key = null;
        Optional<String> versionId = Optional.empty();
        Optional<String> etag = Optional.empty();
        for (String child = document.nextChild(); child != null; child = document.nextChild()) {
            switch (child) {
                case "Key" -> key = document.text();
                case "VersionId" ->
                        versionId = Optional.of(document.text()).filter(id -> !id.isEmpty());
                case "ETag" -> etag = Optional.of(document.text()).filter(tag -> !tag.isEmpty());
                case "LastModifiedTime", "Size" ->
                        throw new S3Exception(
                                S3Error.NOT_IMPLEMENTED,
                                "The condition " + child + " is not implemented.");
                default -> throw new S3Exception(S3Error.MALFORMED_XML);
            }
        }
        if (key == null) {
            throw new S3Exception(S3Error.MALFORMED_XML);
        }
        return new Target(key, versionId, etag);
    }

    private static boolean bool(String text) {
        return switch (text.strip()) {
            case "true", "True", "1" -> true;
            case "false", "False", "0", "" -> false;
            default -> throw new S3Exception(S3Error.MALFORMED_XML);
        };
    }
}
