package io.lilio.server.s3.operation;

import io.lilio.object.GetObject;
import io.lilio.object.OpenObject;
import io.lilio.server.s3.http.ResponseStream;
import io.lilio.server.s3.http.S3Request;
import io.lilio.server.s3.http.S3Response;
import io.lilio.server.s3.request.ReadParameters;

/** GetObject, of a version, a range or a part too. */
final class GetObjectOperation implements Operation {

    private final GetObject get;

    GetObjectOperation(GetObject get) {
        this.get = get;
    }

    @Override
    public void answer(S3Request request, S3Response response) {
        try (OpenObject object = get.open(ReadParameters.parse(request))) {
            ObjectAnswer.describe(request, response, object.info(), object.range());
            // Closing early breaks the connection: the client never takes a part for the whole.
            try (ResponseStream stream = response.begin(object.range().length())) {
                object.transferTo(stream::write);
            }
        }
    }
}
