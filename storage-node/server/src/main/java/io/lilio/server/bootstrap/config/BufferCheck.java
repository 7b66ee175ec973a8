package io.lilio.server.bootstrap.config;

import io.lilio.object.ObjectStore;

/**
 * Whether the memory for payloads is enough for chunks of some size: with less, requests on them
 * would fail or wait for each other for ever, however little there is to do.
 */
public final class BufferCheck {

    private BufferCheck() {}

    /**
     * @param who has chunks of that size, such as {@code bucket "photos"}
     * @throws InvalidSettingException when it is not enough
     */
    public static void check(NodeSettings.Memory memory, int chunkSizeBytes, String who) {
        long least = ObjectStore.leastBufferBytes(chunkSizeBytes);
        if (memory.bufferBytes() < least) {
            throw InvalidSettingException.of(
                    "lilio.memory.buffers",
                    SettingText.size(memory.bufferBytes()),
                    "at least %s, since %s has chunks of %s"
                            .formatted(
                                    SettingText.size(least),
                                    who,
                                    SettingText.size(chunkSizeBytes)));
        }
    }
}
