package io.lilio.server.s3.operation;

import java.nio.file.Path;

/** Bad requests to the S3 side in this process. */
class BadRequestTest extends BadRequest {

    @Override
    FrontEnd open(Path directory) {
        return new InProcess();
    }
}
