/**
 * Chunks in a directory of a local file system (DESIGN §7). {@link
 * io.lilio.chunk.backend.local.LocalChunkStore} looks after one directory and reopens it when it
 * comes back; what is open at a time is a {@code LocalVolume}.
 *
 * <pre>
 * lilio-backend.properties     who this is: format, cluster, member, backend, node
 * unused                       there until it has an index for the first time
 * refilling                    there from a loss of chunks until it has been filled again
 * lock                         held by the process that has it open
 * revision                     the highest metadata revision seen
 * index/                       RocksDB: header, place and mark of every chunk, by partition
 * segments/0000000001.seg      small chunks, appended
 * files/00000001/BLOB.INDEX…   large chunks, a file each, about 1,024 to a directory
 * </pre>
 *
 * <p>Invariants. A chunk is acknowledged only when its bytes were synced and the index knows it.
 * The index is written without syncing: each batch says up to where segments and files are indexed,
 * and after a crash only what lies behind that is looked at. Deletes alone sync the index, which
 * makes durable everything before them too, so what was deleted never lies behind that position.
 * Nothing but the index and the segments' sizes is needed to know what is live; the index can be
 * rebuilt from segments and files, which brings deleted chunks back as unconfirmed ones.
 */
@NullMarked
package io.lilio.chunk.backend.local;

import org.jspecify.annotations.NullMarked;
