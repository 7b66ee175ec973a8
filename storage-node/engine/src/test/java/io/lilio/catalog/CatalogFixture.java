package io.lilio.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.catalog.Catalog.Ground;
import io.lilio.catalog.bucket.Bucket;
import io.lilio.catalog.bucket.Versioning;
import io.lilio.catalog.commit.CommitOutcome;
import io.lilio.catalog.commit.RefusedReason;
import io.lilio.catalog.content.BlobRef;
import io.lilio.catalog.content.Content;
import io.lilio.catalog.content.Part;
import io.lilio.catalog.object.Attributes;
import io.lilio.catalog.object.Conditions;
import io.lilio.catalog.object.Deleted;
import io.lilio.catalog.object.Draft;
import io.lilio.catalog.object.HeadLook;
import io.lilio.catalog.object.ObjectVersion;
import io.lilio.catalog.object.Stored;
import io.lilio.catalog.object.VersionId;
import io.lilio.catalog.owner.OwnedBlob;
import io.lilio.catalog.owner.OwnerWalk;
import io.lilio.catalog.trash.TrashBin;
import io.lilio.catalog.trash.TrashEntry;
import io.lilio.catalog.upload.Assembly;
import io.lilio.catalog.upload.PartDraft;
import io.lilio.catalog.upload.Upload;
import io.lilio.catalog.upload.Uploads.Completion;
import io.lilio.catalog.upload.Uploads.ListedPart;
import io.lilio.catalog.upload.Uploads.NewUpload;
import io.lilio.chunk.BlobId;
import io.lilio.metadata.Bytes;
import io.lilio.metadata.MetadataStore;
import io.lilio.metadata.Txn;
import io.lilio.metadata.memory.MemoryMetadataStore;
import io.lilio.metadata.session.InFlight;
import io.lilio.metadata.session.SessionSettings;
import io.lilio.metadata.session.Sessions;
import io.lilio.time.SystemTime;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** A node's catalog on a store in memory, with a bucket "b", and one-line ways to use it. */
public final class CatalogFixture implements AutoCloseable {

    /** The one open epoch. */
    public static final long EPOCH = 1;

    public static final String BUCKET = "bkt";
    private static final int CHUNK_SIZE = 1 << 20;

    /** Makes an etag out of the number of parts. */
    public static final Assembly ASSEMBLY =
            (upload, parts) -> new Assembly.Assembled("etag-" + parts.size(), Optional.empty());

    public final SystemTime time = new SystemTime();
    public final RandomGenerator random = new SecureRandom();
    public final LossyMetadataStore store;
    public final Sessions sessions;
    public final Catalog catalog;

    private CatalogFixture(MetadataStore below, String node) {
        this.store = new LossyMetadataStore(below);
        this.sessions = new Sessions(store, SessionSettings.of(node, ""), List.of(), time, random);
        this.catalog = Catalog.on(new Ground(store, sessions, time, random, node));
    }

    /** A cluster of one node, in memory. */
    public static CatalogFixture create() {
        return create(new MemoryMetadataStore(new SystemTime()));
    }

    /** A cluster of one node on an empty store. */
    public static CatalogFixture create(MetadataStore empty) {
        CatalogFixture fixture = new CatalogFixture(empty, "n1");
        fixture.store.commit(Txn.grow().put(Keys.openEpoch(EPOCH), Bytes.empty()).build());
        fixture.catalog.buckets().create(BUCKET, "owner", CHUNK_SIZE);
        return fixture;
    }

    /** Another node of the same cluster. */
    public CatalogFixture join(String node) {
        return join(node, store);
    }

    /** The same, which reaches the metadata by another way. */
    public CatalogFixture join(String node, MetadataStore way) {
        return new CatalogFixture(way, node);
    }

    @Override
    public void close() {
        sessions.close();
        time.close();
    }

    public InFlight begin() {
        return sessions.begin();
    }

    public Bucket bucket() {
        return catalog.buckets().get(BUCKET);
    }

    public void versioning(Versioning versioning) {
        catalog.buckets().setVersioning(BUCKET, versioning);
    }

    public BlobRef blob(long size) {
        return new BlobRef(
                BlobId.random(random), size, CHUNK_SIZE, EPOCH, "replicated(3)", store.revision());
    }

    public static Draft draft(Content content, String etag) {
        return new Draft(content, etag, Attributes.none(), Optional.empty());
    }

    public static Draft inline(String text) {
        return draft(new Content.Inline(Bytes.ofUtf8(text)), text);
    }

    public Draft ofBlob(BlobRef blob) {
        return draft(new Content.Blob(blob), blob.id().toString());
    }

    public CommitOutcome<Stored> tryPut(String key, Draft draft, Conditions conditions) {
        try (InFlight request = begin()) {
            return catalog.objects().put(request, look(key), draft, conditions);
        }
    }

    public HeadLook look(String key) {
        return catalog.objects().look(BUCKET, key);
    }

    public Stored put(String key, Draft draft) {
        return tryPut(key, draft, Conditions.none()).orThrow();
    }

    /** Puts a blob; its name. */
    public BlobRef putBlob(String key) {
        BlobRef blob = blob(10);
        put(key, ofBlob(blob));
        return blob;
    }

    public Deleted delete(String key) {
        try (InFlight request = begin()) {
            return catalog.objects().delete(request, bucket(), key, Conditions.none()).orThrow();
        }
    }

    public Deleted delete(String key, VersionId version) {
        try (InFlight request = begin()) {
            return catalog.objects()
                    .delete(request, bucket(), key, version, Conditions.none())
                    .orThrow();
        }
    }

    public Optional<ObjectVersion> find(String key) {
        return catalog.objects().find(BUCKET, key).version();
    }

    public Optional<ObjectVersion> find(String key, VersionId version) {
        return catalog.objects().find(BUCKET, key, version).version();
    }

    /** The etag of the current object; nothing when there is none or a delete marker. */
    public Optional<String> etag(String key) {
        return find(key).filter(version -> !version.deleteMarker()).map(ObjectVersion::etag);
    }

    public Upload beginUpload(String key) {
        NewUpload upload = new NewUpload(key, "me", Attributes.none(), Optional.empty());
        try (InFlight request = begin()) {
            return catalog.uploads().create(request, bucket(), upload).orThrow();
        }
    }

    public CommitOutcome<Part> tryPutPart(Upload upload, int number, BlobRef blob) {
        PartDraft draft = new PartDraft(number, blob, blob.id().toString(), Optional.empty());
        try (InFlight request = begin()) {
            return catalog.uploads().putPart(request, bucket(), upload, draft);
        }
    }

    public Part putPart(Upload upload, int number, long size) {
        return tryPutPart(upload, number, blob(size)).orThrow();
    }

    public CommitOutcome<Stored> tryComplete(
            Upload upload, Conditions conditions, Assembly assembly, Part... parts) {
        List<ListedPart> listed =
                Arrays.stream(parts)
                        .map(part -> new ListedPart(part.number(), part.etag()))
                        .toList();
        Completion completion = new Completion(upload.key(), upload.id(), listed, conditions);
        try (InFlight request = begin()) {
            return catalog.uploads().complete(request, bucket(), completion, assembly);
        }
    }

    public Stored complete(Upload upload, Part... parts) {
        return tryComplete(upload, Conditions.none(), ASSEMBLY, parts).orThrow();
    }

    public CommitOutcome<UUID> abort(Upload upload) {
        try (InFlight request = begin()) {
            return catalog.uploads().abort(request, bucket(), upload.key(), upload.id());
        }
    }

    public List<TrashEntry> trash() {
        List<TrashEntry> entries = new ArrayList<>();
        TrashBin.Cursor cursor = null;
        do {
            TrashBin.Page page = catalog.trash().list(cursor, 100);
            entries.addAll(page.entries());
            cursor = page.next().orElse(null);
        } while (cursor != null);
        return entries;
    }

    /** The blobs that are in the trash by themselves. */
    public List<BlobRef> trashedBlobs() {
        return trash().stream()
                .filter(TrashEntry.OfBlob.class::isInstance)
                .map(entry -> ((TrashEntry.OfBlob) entry).blob())
                .toList();
    }

    /** All that records own. */
    public List<OwnedBlob> owned() {
        List<OwnedBlob> owned = new ArrayList<>();
        OwnerWalk.Cursor cursor = null;
        do {
            OwnerWalk.Page page = catalog.ownerWalk().next(cursor, 7);
            owned.addAll(page.blobs());
            cursor = page.next().orElse(null);
        } while (cursor != null);
        return owned;
    }

    public static void assertRefused(CommitOutcome<?> outcome, RefusedReason reason) {
        assertThat(outcome).isEqualTo(new CommitOutcome.Refused<>(reason));
    }
}
