package io.lilio.server.s3.operation;

import java.nio.file.Path;

/** Bad payloads to the real server. */
class BadPayloadIT extends BadPayload {

    @Override
    FrontEnd open(Path directory) throws Exception {
        return new RealProcess(directory);
    }
}
