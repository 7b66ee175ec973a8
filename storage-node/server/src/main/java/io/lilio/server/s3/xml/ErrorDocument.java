package io.lilio.server.s3.xml;

import io.lilio.server.s3.error.S3Exception;

/** The XML body of a failed request. */
public final class ErrorDocument {

    private ErrorDocument() {}

    /**
     * Renders a failure.
     *
     * @param resource the path that was asked for, raw as it arrived
     * @param requestId the value of {@code x-amz-request-id}
     * @return the document in UTF-8
     */
    public static byte[] render(S3Exception failure, String resource, String requestId) {
        XmlDocument document = new XmlDocument();
        document.open("Error");
        document.element("Code", failure.error().code());
        document.element("Message", failure.message());
        failure.details().forEach(document::element);
        document.element("Resource", resource);
        document.element("RequestId", requestId);
        document.close();
        return document.toBytes();
    }
}
