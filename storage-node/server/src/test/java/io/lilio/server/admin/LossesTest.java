package io.lilio.server.admin;

import static org.assertj.core.api.Assertions.assertThat;

import io.lilio.catalog.CatalogFixture;
import io.lilio.catalog.bucket.Versioning;
import io.lilio.catalog.loss.LossWalk;
import io.lilio.placement.Endangered;
import io.lilio.placement.Member;
import io.lilio.placement.MemberId;
import io.lilio.placement.MemberState;
import io.lilio.placement.Partitioning;
import io.lilio.placement.Replication;
import io.lilio.placement.Ring;
import io.lilio.placement.RingView;
import io.lilio.placement.SettledEpochs;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a refusal says of objects when all members are to be lost. */
class LossesTest {

    private static final String LISTING = "GET /v1/ring/losses";

    private static final Endangered ALL =
            new Endangered(
                    new RingView(
                            Ring.create(
                                    Partitioning.of(8),
                                    new Replication(1, 1, 1, Replication.Spread.HOST, false),
                                    List.of(
                                            new Member(
                                                    new MemberId(new UUID(1, 1)),
                                                    "disk",
                                                    "node",
                                                    "host",
                                                    "",
                                                    1,
                                                    MemberState.ACTIVE))),
                            SettledEpochs.NONE),
                    Set.of());

    private final CatalogFixture fixture = CatalogFixture.create();
    private final Losses losses = new Losses(new LossWalk(fixture.store));

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void aFewAreAllNamed() {
        fixture.putBlob("one\n");
        fixture.putBlob("two");
        fixture.put("inline", CatalogFixture.inline("text"));
        assertThat(losses.naming(ALL))
                .endsWith("only bkt/one\\u{a}, bkt/two")
                .doesNotContain(LISTING);
    }

    @Test
    void ofManyFiveAreNamedOnceEach() {
        fixture.versioning(Versioning.ENABLED);
        for (int i = 0; i < 7; i++) {
            fixture.putBlob("k" + i);
            fixture.putBlob("k" + i);
        }
        assertThat(losses.naming(ALL))
                .contains("bkt/k0, bkt/k1, bkt/k2, bkt/k3, bkt/k4, and " + LISTING)
                .doesNotContain("k5");
    }

    @Test
    void itIsToldWhetherTheLookThatFoundNoneWasAtAll() {
        for (int i = 0; i < 5; i++) {
            fixture.put("k" + i, CatalogFixture.inline("text"));
        }
        assertThat(losses.naming(ALL)).contains("all objects were looked at, and none");
        assertThat(losses.naming(ALL, new LossWalk.Bounds(10, 3)))
                .contains("of the objects looked at none lies there", LISTING);
    }

    @Test
    void whatClientsCallThingsMakesNoLongSentence() {
        for (int i = 0; i < 9; i++) {
            fixture.putBlob(i + "\u0001".repeat(1_000));
        }
        assertThat(losses.naming(ALL)).hasSizeLessThan(700);
    }
}
