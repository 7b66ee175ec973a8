package io.lilio.server.s3.operation;

import io.lilio.server.s3.http.S3Response;
import io.lilio.server.s3.xml.XmlDocument;

/** Sends an XML document as the answer. */
final class XmlAnswer {

    private XmlAnswer() {}

    static void send(S3Response response, XmlDocument document) {
        response.header("Content-Type", "application/xml").end(document.toBytes());
    }
}
