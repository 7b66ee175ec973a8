package io.lilio.e2e;

/**
 * A pod that reads the endpoint and the keys of a bucket from its Secret, as an application does,
 * and has curl.
 */
final class ClientPod {

    private static final String IMAGE = "curlimages/curl:latest";

    private final Kubernetes kubernetes;
    private final String namespace;
    private final String name;

    private ClientPod(Kubernetes kubernetes, String namespace, String name) {
        this.kubernetes = kubernetes;
        this.namespace = namespace;
        this.name = name;
    }

    /** Starts one and waits until it runs, which it does once the Secret is there. */
    static ClientPod start(Scenario scenario, String namespace, String secret) {
        Kubernetes kubernetes = scenario.kubernetes();
        String name = "client-of-" + secret;
        kubernetes.apply(
                """
                apiVersion: v1
                kind: Pod
                metadata: {name: %s, namespace: %s, labels: {lilio-e2e: client}}
                spec:
                  terminationGracePeriodSeconds: 0
                  containers:
                    - name: curl
                      image: %s
                      imagePullPolicy: IfNotPresent
                      command: [sleep, infinity]
                      envFrom: [{secretRef: {name: %s}}]
                """
                        .formatted(name, namespace, IMAGE, secret));
        kubernetes.kubectl(
                "wait", "--for=condition=Ready", "--timeout=5m", "pod/" + name, "-n", namespace);
        return new ClientPod(kubernetes, namespace, name);
    }

    /** Stores so many random bytes under a key; their SHA-256. */
    String put(String key, int sizeBytes) {
        return shell(
                """
                head -c %d /dev/urandom >/tmp/body
                %s -X PUT -H 'Content-Type: application/octet-stream' --data-binary @/tmp/body %s
                sha256sum </tmp/body | cut -d' ' -f1
                """
                        .formatted(sizeBytes, curl(), url(key)));
    }

    /** The SHA-256 of an object. */
    String get(String key) {
        return shell(
                """
                %s -o /tmp/read %s
                sha256sum </tmp/read | cut -d' ' -f1
                """
                        .formatted(curl(), url(key)));
    }

    /** Not every curl sends the header by itself that S3 asks for. */
    private static String curl() {
        return "curl -sS --fail-with-body --max-time 60 --aws-sigv4 \"aws:amz:$AWS_REGION:s3\""
                + " --user \"$AWS_ACCESS_KEY_ID:$AWS_SECRET_ACCESS_KEY\""
                + " -H 'x-amz-content-sha256: UNSIGNED-PAYLOAD'";
    }

    private static String url(String key) {
        return "\"$AWS_ENDPOINT_URL_S3/$BUCKET_NAME/" + key + "\"";
    }

    private String shell(String script) {
        return kubernetes
                .kubectl("exec", name, "-n", namespace, "--", "sh", "-euc", script)
                .strip();
    }
}
