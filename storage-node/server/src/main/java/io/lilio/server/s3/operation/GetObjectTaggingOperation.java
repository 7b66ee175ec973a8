package io.lilio.server.s3.operation;

import io.lilio.catalog.object.Conditions;
import io.lilio.object.HeadObject;
import io.lilio.object.ReadRequest;
import io.lilio.server.s3.http.S3Request;
import io.lilio.server.s3.http.S3Response;
import io.lilio.server.s3.request.ReadParameters;
import io.lilio.server.s3.xml.XmlDocument;
import java.util.Optional;

/**
 * GetObjectTagging, of a version too: the empty set, for every object that is there. Requests that
 * name tags are refused, so none has any. Clients ask before they copy in parts.
 */
final class GetObjectTaggingOperation implements Operation {

    private final HeadObject head;

    GetObjectTaggingOperation(HeadObject head) {
        this.head = head;
    }

    @Override
    public void answer(S3Request request, S3Response response) {
        HeadObject.Head found =
                head.head(
                        new ReadRequest(
                                ReadParameters.address(request),
                                ReadParameters.versionId(request),
                                Conditions.none(),
                                Optional.empty()));
        ObjectAnswer.version(response, found.info().versionId());
        XmlAnswer.send(response, XmlDocument.ofRoot("Tagging").element("TagSet", ""));
    }
}
