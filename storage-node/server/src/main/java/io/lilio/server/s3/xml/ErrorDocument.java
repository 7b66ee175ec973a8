package io.lilio.server.s3.xml;

import io.lilio.server.s3.error.S3Exception;

/** The XML body of a failed request. */
public final class ErrorDocument {

    /** What is shown of a text, much of which came from the client: an answer is short. */
    private static final int MOST_CHARS = 2_048;

    private ErrorDocument() {}

    /**
     * Renders a failure; long texts are cut off.
     *
     * @param resource the path that was asked for, raw as it arrived
     * @param requestId the value of {@code x-amz-request-id}
     * @return the document in UTF-8
     */
    public static byte[] render(S3Exception failure, String resource, String requestId) {
        XmlDocument document = new XmlDocument();
        document.open("Error");
        document.element("Code", failure.error().code());
        document.element("Message", shown(failure.message()));
        failure.details().forEach((name, value) -> document.element(name, shown(value)));
        document.element("Resource", shown(resource));
        document.element("RequestId", requestId);
        document.close();
        return document.toBytes();
    }

    private static String shown(String text) {
        return text.length() <= MOST_CHARS ? text : text.substring(0, MOST_CHARS) + "...";
    }
}
