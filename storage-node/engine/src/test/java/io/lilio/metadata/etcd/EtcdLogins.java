package io.lilio.metadata.etcd;

import com.google.protobuf.ByteString;
import io.etcd.jetcd.api.AuthEnableRequest;
import io.etcd.jetcd.api.AuthGrpc;
import io.etcd.jetcd.api.AuthRoleAddRequest;
import io.etcd.jetcd.api.AuthRoleGrantPermissionRequest;
import io.etcd.jetcd.api.AuthUserAddRequest;
import io.etcd.jetcd.api.AuthUserGrantRoleRequest;
import io.etcd.jetcd.api.Permission;
import io.grpc.ChannelCredentials;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.lilio.metadata.Bytes;
import java.util.List;

/** An etcd that asks who is there. */
public final class EtcdLogins {

    /** Who may use the keys of one prefix, and no others. */
    public static final String USER = "lilio";

    public static final String PASSWORD = "secret";

    private EtcdLogins() {}

    /** From now on only root and the user may do something, and the latter with its keys alone. */
    public static void demand(String endpoint, ChannelCredentials credentials, String prefix) {
        ManagedChannel channel = Grpc.newChannelBuilder(endpoint, credentials).build();
        try {
            AuthGrpc.AuthBlockingStub auth = AuthGrpc.newBlockingStub(channel);
            auth.roleAdd(AuthRoleAddRequest.newBuilder().setName("ours").build());
            auth.roleGrantPermission(
                    AuthRoleGrantPermissionRequest.newBuilder()
                            .setName("ours")
                            .setPerm(
                                    Permission.newBuilder()
                                            .setPermType(Permission.Type.READWRITE)
                                            .setKey(ByteString.copyFromUtf8(prefix))
                                            .setRangeEnd(endOf(prefix)))
                            .build());
            for (String user : List.of("root", USER)) {
                auth.userAdd(
                        AuthUserAddRequest.newBuilder()
                                .setName(user)
                                .setPassword(PASSWORD)
                                .build());
            }
            auth.roleAdd(AuthRoleAddRequest.newBuilder().setName("root").build());
            auth.userGrantRole(
                    AuthUserGrantRoleRequest.newBuilder().setUser("root").setRole("root").build());
            auth.userGrantRole(
                    AuthUserGrantRoleRequest.newBuilder().setUser(USER).setRole("ours").build());
            auth.authEnable(AuthEnableRequest.getDefaultInstance());
        } finally {
            channel.shutdownNow();
        }
    }

    private static ByteString endOf(String prefix) {
        return ByteString.copyFrom(Bytes.ofUtf8(prefix).afterPrefix().array());
    }
}
