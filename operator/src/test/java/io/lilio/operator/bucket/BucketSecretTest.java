package io.lilio.operator.bucket;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.SecretBuilder;
import io.lilio.crd.bucket.LilioBucket;
import io.lilio.operator.kube.Ownership;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BucketSecretTest {

    private static final BucketSecret.Address ADDRESS =
            new BucketSecret.Address("http://demo.shop.svc:9000", "us-east-1");
    private static final Credentials CREDENTIALS = new Credentials("LILIOKEY", "hush");

    private final Secret secret = BucketSecret.of(bucket("uid"), ADDRESS, CREDENTIALS);

    @Test
    void itHoldsWhatSdksRead() {
        assertThat(secret.getMetadata().getName()).isEqualTo("photos");
        assertThat(secret.getMetadata().getNamespace()).isEqualTo("shop");
        assertThat(secret.getType()).isEqualTo("Opaque");
        assertThat(secret.getData())
                .isEqualTo(
                        Map.of(
                                "AWS_ENDPOINT_URL_S3", "aHR0cDovL2RlbW8uc2hvcC5zdmM6OTAwMA==",
                                "AWS_ACCESS_KEY_ID", "TElMSU9LRVk=",
                                "AWS_SECRET_ACCESS_KEY", "aHVzaA==",
                                "AWS_REGION", "dXMtZWFzdC0x",
                                "BUCKET_NAME", "cGhvdG9z"));
        assertThat(secret.getMetadata().getLabels())
                .containsEntry("app.kubernetes.io/managed-by", "lilio-operator");
    }

    @Test
    void itGoesWithItsLilioBucket() {
        assertThat(secret.getMetadata().getOwnerReferences()).hasSize(1);
        OwnerReference owner = secret.getMetadata().getOwnerReferences().getFirst();
        assertThat(owner.getApiVersion()).isEqualTo("lilio.io/v1alpha1");
        assertThat(owner.getKind()).isEqualTo("LilioBucket");
        assertThat(owner.getName()).isEqualTo("photos");
        assertThat(owner.getUid()).isEqualTo("uid");
        assertThat(owner.getController()).isTrue();
        assertThat(Ownership.isOwned(secret, bucket("uid"))).isTrue();
        assertThat(Ownership.isOwned(secret, bucket("another"))).isFalse();
    }

    @Test
    void whatWasWrittenIsReadAndWhatWasEditedIsNot() {
        assertThat(BucketSecret.credentials(secret)).contains(CREDENTIALS);
        assertThat(BucketSecret.credentials(with("AWS_SECRET_ACCESS_KEY", "aHVzaCE="))).isEmpty();
        assertThat(BucketSecret.credentials(with("AWS_SECRET_ACCESS_KEY", ""))).isEmpty();
        assertThat(BucketSecret.credentials(with("AWS_ACCESS_KEY_ID", "aHVzaA=="))).isEmpty();
        assertThat(BucketSecret.accessKey(with("AWS_SECRET_ACCESS_KEY", ""))).contains("LILIOKEY");
        Secret empty = new SecretBuilder(secret).withData(null).build();
        assertThat(BucketSecret.credentials(empty)).isEmpty();
        assertThat(BucketSecret.accessKey(empty)).isEmpty();
    }

    @Test
    void whatOthersAddIsTheirs() {
        Secret more = with("theirs", "aHVzaA==");
        assertThat(BucketSecret.says(more, secret)).isTrue();
        assertThat(BucketSecret.says(secret, more)).isFalse();
        assertThat(BucketSecret.says(with("AWS_REGION", "aHVzaA=="), secret)).isFalse();
        Secret unlabelled =
                new SecretBuilder(secret).editMetadata().withLabels(Map.of()).endMetadata().build();
        assertThat(BucketSecret.says(unlabelled, secret)).isFalse();
    }

    @Test
    void theSecretKeyIsInNoText() {
        assertThat(CREDENTIALS).hasToString("Credentials[LILIOKEY]");
        assertThat(secret.getMetadata().getAnnotations().values()).noneMatch("hush"::contains);
    }

    private Secret with(String key, String value) {
        return new SecretBuilder(secret).addToData(key, value).build();
    }

    private static LilioBucket bucket(String uid) {
        LilioBucket bucket = new LilioBucket();
        bucket.setMetadata(
                new ObjectMetaBuilder()
                        .withNamespace("shop")
                        .withName("photos")
                        .withUid(uid)
                        .build());
        bucket.setSpec(BucketWorld.SPEC);
        return bucket;
    }
}
