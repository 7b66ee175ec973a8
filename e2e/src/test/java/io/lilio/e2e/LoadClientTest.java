package io.lilio.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.exception.SdkException;

/** The load notices what it is there to notice. */
final class LoadClientTest implements LoadClient.Troubles {

    private static final int OBJECTS = 20;

    private final FakeS3 s3 = new FakeS3();
    private final List<String> failed = new ArrayList<>();
    private final List<String> wrong = new ArrayList<>();
    private final LoadClient client =
            new LoadClient(s3, "bucket", "client", OBJECTS, new Random(1), this);

    @Override
    public void failed(String what, SdkException e) {
        failed.add(what);
    }

    @Override
    public void wrong(String what) {
        wrong.add(what);
    }

    @Test
    void aStoreThatKeepsEverythingIsRight() {
        client.fill();
        for (int i = 0; i < 500; i++) {
            client.step();
        }
        assertThat(client.readEverything()).isBetween(OBJECTS / 2, OBJECTS);
        assertThat(wrong).isEmpty();
        assertThat(failed).isEmpty();
    }

    @Test
    void aLostObjectIsNoticed() {
        client.fill();
        s3.objects().remove("client/7");
        assertThat(client.readEverything()).isEqualTo(OBJECTS - 1);
        assertThat(wrong).singleElement().asString().startsWith("client/7 is absent");
    }

    @Test
    void anAlteredObjectIsNoticed() {
        client.fill();
        s3.objects().get("client/7")[3] ^= 1;
        client.readEverything();
        assertThat(wrong).singleElement().asString().startsWith("client/7 is ");
    }

    @Test
    void whatComesBackFromThePastIsNoticed() {
        client.fill();
        Map<String, byte[]> past = new TreeMap<>(s3.objects());
        for (int i = 0; i < 500; i++) {
            client.step();
        }
        s3.objects().putAll(past);
        client.readEverything();
        assertThat(wrong).hasSizeGreaterThan(OBJECTS / 2);
    }

    @Test
    void whatIsWrittenBesideChunksIsSmallAndLeavesTheOthers() {
        client.fill();
        Map<String, byte[]> filled = new TreeMap<>(s3.objects());
        for (int i = 0; i < 500; i++) {
            client.stepBesideChunks();
        }
        assertThat(s3.objects()).containsAllEntriesOf(filled).hasSizeGreaterThan(filled.size());
        Map<String, byte[]> beside = new TreeMap<>(s3.objects());
        beside.keySet().removeAll(filled.keySet());
        assertThat(beside.values()).allSatisfy(body -> assertThat(body).hasSize(100));
        assertThat(client.readEverything()).isEqualTo(OBJECTS);
        assertThat(wrong).isEmpty();

        s3.objects().keySet().removeAll(beside.keySet());
        client.readEverything();
        assertThat(wrong).hasSize(beside.size());
    }

    @Test
    void afterALostAnswerBothOutcomesAreRight() {
        client.fill();
        Map<String, byte[]> before = new TreeMap<>(s3.objects());
        s3.loseAnswers(true);
        for (int i = 0; i < 40; i++) {
            client.step();
        }
        s3.loseAnswers(false);
        assertThat(failed).isNotEmpty();
        client.readEverything();
        s3.objects().clear();
        s3.objects().putAll(before);
        client.readEverything();
        assertThat(wrong).isEmpty();
    }
}
