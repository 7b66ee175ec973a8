package io.lilio.server.s3.operation;

import java.nio.file.Path;

/** Bad requests to the real server. */
class BadRequestIT extends BadRequest {

    @Override
    FrontEnd open(Path directory) throws Exception {
        return new RealProcess(directory);
    }
}
