package io.lilio.object;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lilio.ObjectStoreException;
import io.lilio.ObjectStoreException.Kind;
import io.lilio.time.SystemTime;
import java.nio.ByteBuffer;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class BodyTest {

    @Test
    void aBodyOfTheAnnouncedLengthEndsByItself() {
        Body body = body(new ArraySource(new byte[10]), 100);
        ByteBuffer target = ByteBuffer.allocate(10);
        body.fill(target, count -> {});
        assertThat(body.ended()).as("the end is asked for although there is no room").isTrue();
        assertThat(body.bytes()).isEqualTo(10);
    }

    @Test
    void aBodyWithoutLengthEndsWhenItsSourceDoes() {
        Body body = body(new ArraySource(new byte[10]).withoutLength(), 100);
        body.fill(ByteBuffer.allocate(10), count -> {});
        assertThat(body.ended()).isFalse();
        body.fill(ByteBuffer.allocate(10), count -> {});
        assertThat(body.ended()).isTrue();
        assertThat(body.bytes()).isEqualTo(10);
    }

    @Test
    void fewerBytesThanAnnouncedAreIncomplete() {
        Body body = body(new ArraySource(new byte[9]).announcing(OptionalLong.of(10)), 100);
        assertKind(() -> body.fill(ByteBuffer.allocate(10), count -> {}), Kind.INCOMPLETE_BODY);
    }

    @Test
    void moreBytesThanAnnouncedAreRefused() {
        Body body = body(new ArraySource(new byte[11]).announcing(OptionalLong.of(10)), 100);
        assertKind(() -> body.fill(ByteBuffer.allocate(10), count -> {}), Kind.INVALID_REQUEST);
    }

    @Test
    void tooLargeIsToldBeforeAByteWasRead() {
        ArraySource source = new ArraySource(new byte[11]);
        assertKind(() -> body(source, 10), Kind.OBJECT_TOO_LARGE);
    }

    @Test
    void tooLargeIsNoticedWithoutAnAnnouncement() {
        Body body = body(new ArraySource(new byte[11]).withoutLength(), 10);
        assertKind(() -> body.fill(ByteBuffer.allocate(11), count -> {}), Kind.OBJECT_TOO_LARGE);
    }

    private static Body body(ObjectSource source, long maxBytes) {
        try (SystemTime time = new SystemTime()) {
            return new Body(source, maxBytes, new PaceCheck(ObjectSettings.Pace.defaults(), time));
        }
    }

    private static void assertKind(Runnable call, Kind kind) {
        assertThatThrownBy(call::run)
                .isInstanceOfSatisfying(
                        ObjectStoreException.class, e -> assertThat(e.kind()).isEqualTo(kind));
    }
}
