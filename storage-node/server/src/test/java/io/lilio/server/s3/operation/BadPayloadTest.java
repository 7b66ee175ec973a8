package io.lilio.server.s3.operation;

import java.nio.file.Path;

/** Bad payloads to the S3 side in this process. */
class BadPayloadTest extends BadPayload {

    @Override
    FrontEnd open(Path directory) {
        return new InProcess();
    }
}
