package io.lilio.operator.admin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lilio.operator.admin.EtcdMembership.Entry;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What etcd's gateway is asked, and what is made of its answers. */
class EtcdMembershipTest {

    private static final String LISTED =
            """
            {"header":{"cluster_id":"14841639068965178418","member_id":"10276657743932975437"},
             "members":[
              {"ID":"10276657743932975437","name":"demo-etcd-0",
               "peerURLs":["http://demo-etcd-0:2380"],"clientURLs":["http://demo-etcd-0:2379"]},
              {"ID":"255","peerURLs":["http://demo-etcd-1:2380"]}]}
            """;

    private final FakeNode etcd = new FakeNode();
    private final HttpEtcdMembership membership = within(Duration.ofSeconds(30));

    private static HttpEtcdMembership within(Duration call) {
        return new HttpEtcdMembership(new CallLimits(Duration.ofSeconds(10), call, 2_000));
    }

    @AfterEach
    void close() {
        membership.close();
        etcd.close();
    }

    @Test
    void membersAreListedAsAMajorityKnowsThem() {
        etcd.with(200, LISTED);
        assertThat(membership.list(etcd.uri()))
                .containsExactly(
                        new Entry(
                                "8e9e05c52164694d",
                                "demo-etcd-0",
                                List.of(URI.create("http://demo-etcd-0:2380"))),
                        new Entry("ff", "", List.of(URI.create("http://demo-etcd-1:2380"))));
        assertThat(etcd.last().method()).isEqualTo("POST");
        assertThat(etcd.last().target()).isEqualTo("/v3/cluster/member/list");
        assertThat(etcd.last().text()).isEqualToIgnoringWhitespace("{\"linearizable\":true}");
    }

    @Test
    void oneOfTheFoundersThatHasNotStartedYetHasNoName() {
        etcd.with(
                200,
                """
                {"members":[
                 {"ID":"255","name":"demo-etcd-1","peerURLs":["http://demo-etcd-1:2380"]}]}
                """);
        assertThat(membership.list(etcd.uri()))
                .singleElement()
                .returns("", Entry::name)
                .returns(false, Entry::hasStarted);
    }

    @Test
    void oneIsAddedByItsPlaceAndRemovedByItsIdentity() {
        etcd.with(200, LISTED);
        membership.add(etcd.uri(), URI.create("http://demo-etcd-1:2380"));
        assertThat(etcd.last().target()).isEqualTo("/v3/cluster/member/add");
        assertThat(etcd.last().text())
                .isEqualToIgnoringWhitespace("{\"peerURLs\":[\"http://demo-etcd-1:2380\"]}");
        membership.remove(etcd.uri(), "8e9e05c52164694d");
        assertThat(etcd.last().target()).isEqualTo("/v3/cluster/member/remove");
        assertThat(etcd.last().text())
                .isEqualToIgnoringWhitespace("{\"ID\":\"10276657743932975437\"}");
    }

    @Test
    void aRefusalIsTold() {
        etcd.with(503, "{\"code\":14,\"message\":\"etcdserver: unhealthy cluster\"}");
        assertThatThrownBy(() -> membership.add(etcd.uri(), URI.create("http://demo-etcd-1:2380")))
                .isInstanceOf(EtcdException.class)
                .hasMessageContaining("503")
                .hasMessageContaining("unhealthy cluster")
                .hasMessageContaining(etcd.uri().toString());
    }

    @Test
    void whatIsNotUnderstoodIsNoAnswer() {
        for (String answer :
                List.of(
                        "",
                        "<html>",
                        "{}",
                        "{\"members\":[{\"name\":\"demo-etcd-0\"}]}",
                        "{\"members\":[{\"ID\":\"-1\"}]}",
                        "{\"members\":[{\"ID\":\"1\",\"peerURLs\":[\"http://a b\"]}]}",
                        "{\"members\":\"" + "x".repeat(3_000) + "\"}")) {
            etcd.with(200, answer);
            assertThatThrownBy(() -> membership.list(etcd.uri()))
                    .as(answer)
                    .isInstanceOf(EtcdException.class);
        }
    }

    @Test
    void oneThatDoesNotAnswerIsNotWaitedForForEver() {
        etcd.with(FakeNode.silent());
        try (HttpEtcdMembership impatient = within(Duration.ofMillis(500))) {
            assertThatThrownBy(() -> impatient.list(etcd.uri()))
                    .isInstanceOf(EtcdException.class)
                    .hasMessageContaining("did not answer within 0.5 s");
        }
        URI nobody = etcd.uri();
        etcd.close();
        assertThatThrownBy(() -> membership.list(nobody))
                .isInstanceOf(EtcdException.class)
                .hasMessageContaining("could not be connected to");
    }
}
