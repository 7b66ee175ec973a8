package io.lilio.crd.cluster;

import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import io.lilio.crd.schema.Keyed;
import io.lilio.crd.schema.ResourcePart;
import io.lilio.crd.schema.Syntax;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An etcd that is there already.
 *
 * @param endpoints all its members as {@code host:port}; with {@code https://} before every one of
 *     them, or before none
 * @param prefix all keys begin with it: clusters that share an etcd have different ones, none the
 *     beginning of another. Absent: {@code /lilio/}, the namespace, {@code /}, the cluster's name,
 *     {@code /}. Fixed when the cluster is made
 * @param tlsSecret name of a Secret with {@code ca.crt}, and {@code tls.crt} and {@code tls.key}
 *     where etcd asks for a client certificate. Absent: no TLS, or the authorities that Java trusts
 * @param authSecret name of a Secret with {@code username} and {@code password}; absent where etcd
 *     asks for no login
 */
@ResourcePart
@ValidationRule(
        value =
                "self.endpoints.all(e, e.startsWith('https://')) ||"
                        + " !self.endpoints.exists(e, e.startsWith('https://'))",
        message =
                "put https:// before all of metadata.etcd.endpoints or before none: nodes speak to"
                        + " one after the other, and always in the same way")
public record EtcdSpec(
        @Required @Keyed @Size(min = 1, max = 16)
                List<@Size(min = 1, max = 255) @Pattern(Syntax.ENDPOINT) String> endpoints,
        @Size(min = 1, max = 255) @Pattern("^[!-~]+$") @Nullable String prefix,
        @Size(min = 1, max = Syntax.SUBDOMAIN_MAX) @Pattern(Syntax.SUBDOMAIN)
                @Nullable String tlsSecret,
        @Size(min = 1, max = Syntax.SUBDOMAIN_MAX) @Pattern(Syntax.SUBDOMAIN)
                @Nullable String authSecret) {

    public EtcdSpec {
        endpoints = List.copyOf(endpoints);
    }
}
