package io.lilio.bench.profile;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class SharesTest {

    @Test
    void aStackCountsForTheFirstGroupThatItShowsAllPartsOf() {
        Shares shares =
                Shares.of(
                        List.of(
                                "Thread.run;io/lilio/object/Put.put;MD5.md5_implCompress 60",
                                "io/lilio/chunk/backend/local/ChunkFiles.w;FileChannelImpl.write 30",
                                "io/lilio/chunk/backend/local/ChunkFiles.open 10"));
        assertEquals("60 %", shares.percent("MD5"));
        assertEquals("30 %", shares.percent("chunk files: write"));
        assertEquals("10 %", shares.percent("chunk files: open, close, names"));
        assertEquals("", shares.percent("engine"));
    }

    @Test
    void theCompilerAndTheProfilerAreLeftOut() {
        Shares shares =
                Shares.of(
                        List.of(
                                "JavaThread::run;CompileBroker::loop 900",
                                "Profiler::stop 50",
                                "io/lilio/object/Get.open 50"));
        assertEquals(1, shares.share("engine"));
    }

    @Test
    void whatHasNoNameDoesNotLead() {
        Shares shares =
                Shares.of(
                        List.of(
                                "start_thread;unknown 70",
                                "io/netty/Channel.read 20",
                                "io/lilio/object/Get.open 10"));
        assertEquals("HTTP (Netty, Vert.x) 20 %, engine 10 %", shares.leading(3));
    }
}
