package io.lilio.catalog.content;

import io.lilio.metadata.Bytes;
import java.util.List;
import java.util.UUID;

/** What a version consists of. */
public sealed interface Content {

    /** Total bytes. */
    long size();

    /** The bytes themselves, in the record. */
    record Inline(Bytes bytes) implements Content {
        @Override
        public long size() {
            return bytes.length();
        }
    }

    /** One blob. */
    record Blob(BlobRef blob) implements Content {
        @Override
        public long size() {
            return blob.size();
        }
    }

    /**
     * The parts of a completed upload, one after another. Which blob a part is, its record says
     * ({@code Uploads.parts}).
     *
     * @param upload which upload
     * @param runs the parts by ascending numbers; numbers may be left out between runs
     */
    record Multipart(UUID upload, List<PartRun> runs) implements Content {

        public Multipart {
            runs = List.copyOf(runs);
        }

        @Override
        public long size() {
            long size = 0;
            for (PartRun run : runs) {
                size += run.count() * run.partSize();
            }
            return size;
        }

        /** How many parts. */
        public int parts() {
            int parts = 0;
            for (PartRun run : runs) {
                parts += run.count();
            }
            return parts;
        }

        /** Whether the part is one of the object's. */
        public boolean contains(int part) {
            for (PartRun run : runs) {
                if (run.contains(part)) {
                    return true;
                }
            }
            return false;
        }
    }
}
