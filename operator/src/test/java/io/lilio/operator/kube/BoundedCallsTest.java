package io.lilio.operator.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Calls end, whatever the API server does. */
class BoundedCallsTest {

    private final CountDownLatch interrupted = new CountDownLatch(1);

    @Test
    void aCallThatHangsIsBrokenOff() throws Exception {
        BoundedCalls calls = new BoundedCalls(Duration.ofMillis(200));
        assertThatThrownBy(() -> calls.call("reading", this::hang))
                .isInstanceOfSatisfying(
                        KubernetesException.class, e -> assertThat(e.status()).isZero())
                .hasMessageContaining("reading: no answer within");
        assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void anInterruptEndsTheCallAndIsKept() {
        BoundedCalls calls = new BoundedCalls(Duration.ofMinutes(1));
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> calls.call("reading", this::hang))
                .isInstanceOf(KubernetesException.class);
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void ourOwnExceptionsPass() {
        BoundedCalls calls = new BoundedCalls(Duration.ofMinutes(1));
        ForeignObjectException foreign = new ForeignObjectException("ConfigMap lab/demo");
        assertThatThrownBy(
                        () ->
                                calls.call(
                                        "reading",
                                        () -> {
                                            throw foreign;
                                        }))
                .isSameAs(foreign);
    }

    private String hang() {
        try {
            Thread.sleep(Duration.ofMinutes(1));
            return "never";
        } catch (InterruptedException e) {
            interrupted.countDown();
            return "interrupted";
        }
    }
}
