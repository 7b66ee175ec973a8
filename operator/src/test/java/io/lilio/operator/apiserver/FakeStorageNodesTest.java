package io.lilio.operator.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lilio.admin.api.BucketRequest;
import io.lilio.admin.api.KeyRequest;
import io.lilio.admin.api.OperationRequest;
import io.lilio.admin.api.RingChangeStatus;
import io.lilio.admin.api.RingCommand;
import io.lilio.admin.api.RingPlace;
import io.lilio.admin.api.RingStatus.RingMember;
import io.lilio.operator.admin.AdminApi;
import io.lilio.operator.admin.AdminApiException;
import io.lilio.operator.admin.AdminApiUnreachableException;
import io.lilio.operator.admin.AdminApis.Credentials;
import io.lilio.operator.admin.SignedAdminApis;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The storage nodes that are played, as the operator's own client meets them. */
class FakeStorageNodesTest {

    /** To whom requests to 127.0.0.1 are, as names of pods and Services have it. */
    private static final String POD = "127";

    private static final String SERVICE = "0.0.1";

    private FakeStorageNodes nodes;
    private FakeStore store;
    private SignedAdminApis apis;
    private AdminApi api;

    @BeforeEach
    void start() {
        nodes = new FakeStorageNodes("127.0.0.1", 0);
        store = nodes.add(SERVICE);
        apis = new SignedAdminApis(Clock.systemUTC());
        api =
                apis.of(
                        List.of(URI.create("http://127.0.0.1:" + nodes.port())),
                        new Credentials("root", "secret", "us-east-1"));
        store.serve(Set.of(POD, "a", "b"));
    }

    @AfterEach
    void stop() {
        apis.close();
        nodes.close();
    }

    private static RingCommand command(
            UUID id, long epoch, List<UUID> members, List<RingPlace> admissions) {
        return new RingCommand(
                id, epoch, members, admissions, null, null, null, null, null, null, null);
    }

    @Test
    void aRingIsFoundedByThreeAndTakesCommandsOnce() {
        assertThat(api.cluster().members()).hasSize(3);
        store.serve(Set.of(POD, "a", "b", "c"));
        RingMember joining =
                api.ring().ring().members().stream()
                        .filter(member -> member.state().equals("JOINING"))
                        .findFirst()
                        .orElseThrow();
        UUID id = UUID.randomUUID();
        RingCommand admission =
                command(id, 1, null, List.of(new RingPlace(joining.id(), "worker-3", "zone-0")));
        RingChangeStatus first = api.ring().admit(admission);
        assertThat(api.ring().admit(admission)).isEqualTo(first);
        assertThat(store.commands()).containsExactly("ADMIT");
        store.carriedOut(id + "-1");
        assertThat(api.ring().admit(admission).outcome()).isEqualTo("DONE");
        assertThat(store.members("ACTIVE")).isEqualTo(4);
        UUID drain = UUID.randomUUID();
        api.ring().drain(command(drain, 2, List.of(joining.id()), null));
        store.carriedOut(drain.toString());
        assertThat(store.members("REMOVED")).isEqualTo(1);
    }

    @Test
    void whatARingRefusesItRefusesByItsCode() {
        assertThatThrownBy(() -> api.ring().drain(command(UUID.randomUUID(), 7, List.of(), null)))
                .asInstanceOf(InstanceOfAssertFactories.type(AdminApiException.class))
                .satisfies(refused -> assertThat(refused.code()).isEqualTo("StaleEpoch"));
    }

    @Test
    void aNodeWhoseMemberIsRemovedBeginsAnewWhenItStartsAgain() {
        store.serve(Set.of(POD, "a", "b", "c"));
        UUID old = memberOf("c").id();
        api.ring().remove(command(UUID.randomUUID(), 1, List.of(old), null));
        store.serve(Set.of(POD, "a", "b"));
        store.serve(Set.of(POD, "a", "b", "c"));
        assertThat(memberOf("c").id()).isNotEqualTo(old);
    }

    private RingMember memberOf(String node) {
        return api.ring().ring().members().stream()
                .filter(member -> member.node().equals(node))
                .filter(member -> !member.state().equals("REMOVED"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void runsBucketsAndKeysAreKept() {
        api.operations().start(new OperationRequest("rebalance", "one", null));
        store.carriedOut("one");
        assertThat(api.operations().list("rebalance"))
                .singleElement()
                .satisfies(run -> assertThat(run.state()).isEqualTo("SUCCEEDED"));
        api.buckets().create(new BucketRequest("photos", null, "owner", null));
        store.fill(100, 1_000);
        store.use(2.5);
        assertThat(api.buckets().get("photos").objects()).isEqualTo(250);
        for (int i = 0; i < 5; i++) {
            api.keys().create(new KeyRequest("read-write", List.of("photos"), "key " + i));
        }
        assertThat(api.keys().list(null, "100").keys()).hasSize(5);
        api.keys().delete(api.keys().list(null, null).keys().getFirst().id());
        assertThat(store.keyCount()).isEqualTo(4);
        assertThat(api.buckets().delete("photos", "owner", "delete").gone()).isTrue();
        assertThatThrownBy(() -> api.buckets().get("photos")).isInstanceOf(AdminApiException.class);
    }

    @Test
    void whoDoesNotServeDoesNotAnswer() {
        store.serve(Set.of("a", "b"));
        assertThatThrownBy(() -> api.ring().ring())
                .isInstanceOf(AdminApiUnreachableException.class);
    }

    @Test
    void everyOtherMannerIsNoAnswerAndDoesNothing() {
        for (FakeStorageNodes.Manner manner :
                List.of(
                        FakeStorageNodes.HANGING_UP,
                        FakeStorageNodes.HALF,
                        FakeStorageNodes.saying(200, "<html>"),
                        FakeStorageNodes.saying(200, "{}"),
                        FakeStorageNodes.saying(500, "oops"))) {
            nodes.behave(store, manner);
            assertThatThrownBy(() -> api.ring().ring())
                    .isInstanceOf(AdminApiUnreachableException.class);
            assertThatThrownBy(
                            () -> api.operations().start(new OperationRequest("gc", "two", null)))
                    .isInstanceOf(AdminApiUnreachableException.class);
        }
        nodes.behave(store, FakeStorageNodes.RIGHTLY);
        assertThat(api.operations().list(null)).isEmpty();
    }
}
