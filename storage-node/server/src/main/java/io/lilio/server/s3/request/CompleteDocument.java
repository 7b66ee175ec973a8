package io.lilio.server.s3.request;

import io.lilio.digest.Checksum;
import io.lilio.digest.DigestAlgorithm;
import io.lilio.object.CompleteUploadRequest.CompletedPart;
import io.lilio.server.s3.error.S3Error;
import io.lilio.server.s3.error.S3Exception;
import io.lilio.server.s3.xml.XmlReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** {@code CompleteMultipartUpload}, the payload of the operation of that name. */
public final class CompleteDocument {

    public static final String ROOT = "CompleteMultipartUpload";

    /** 10,000 parts with ETag, the longest checksum and white space. */
    public static final long MAX_BYTES = 8 * 1024 * 1024;

    private static final int MAX_PARTS = 10_000;

    private static final String CHECKSUM = "Checksum";

    private CompleteDocument() {}

    /**
     * @return the parts in ascending order of their numbers, at least one
     * @throws S3Exception MalformedXML, InvalidPartOrder, InvalidArgument for a part number out of
     *     range
     */
    public static List<CompletedPart> parse(XmlReader document) {
        List<CompletedPart> parts = new ArrayList<>();
        for (String child = document.nextChild(); child != null; child = document.nextChild()) {
            if (!child.equals("Part") || parts.size() == MAX_PARTS) {
                throw new S3Exception(S3Error.MALFORMED_XML);
            }
            CompletedPart part = part(document);
            if (!parts.isEmpty() && parts.getLast().number() >= part.number()) {
                throw new S3Exception(S3Error.INVALID_PART_ORDER);
            }
            parts.add(part);
        }
        if (parts.isEmpty()) {
            throw new S3Exception(S3Error.MALFORMED_XML);
        }
        return parts;
    }

    private static CompletedPart part(XmlReader document) {
        int number = 0;
        String etag = null;
        Optional<Checksum> checksum = Optional.empty();
        for (String child = document.nextChild(); child != null; child = document.nextChild()) {
            switch (child) {
                case "PartNumber" -> number = number(document.text().strip());
                case "ETag" -> etag = ConditionHeaders.unquote(document.text().strip());
                default -> {
                    if (checksum.isPresent()) {
                        throw new S3Exception(S3Error.MALFORMED_XML);
                    }
                    checksum = Optional.of(checksum(child, document.text().strip()));
                }
            }
        }
        if (number == 0 || etag == null) {
            throw new S3Exception(S3Error.MALFORMED_XML);
        }
        return new CompletedPart(number, etag, checksum);
    }

    private static int number(String text) {
        try {
            int number = Integer.parseInt(text);
            if (number >= 1 && number <= MAX_PARTS) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            throw new S3Exception(S3Error.MALFORMED_XML);
        }
        throw QueryNumbers.invalid(
                "partNumber", text, "PartNumber must be an integer between 1 and 10000, inclusive");
    }

    private static Checksum checksum(String element, String value) {
        DigestAlgorithm algorithm =
                element.startsWith(CHECKSUM)
                        ? DigestAlgorithm.ofChecksumName(element.substring(CHECKSUM.length()))
                                .orElse(null)
                        : null;
        if (algorithm == null) {
            throw new S3Exception(S3Error.MALFORMED_XML);
        }
        Checksum checksum = new Checksum(algorithm, Checksum.Type.FULL_OBJECT, value);
        try {
            checksum.bytes();
        } catch (IllegalArgumentException notAValue) {
            throw new S3Exception(
                    S3Error.INVALID_REQUEST, "Value for " + element + " is invalid.", notAValue);
        }
        return checksum;
    }
}
