package io.lilio.server.admin;

import io.lilio.catalog.loss.LossCursor;
import io.lilio.placement.MemberId;
import io.lilio.server.admin.gate.AdminException;
import java.util.List;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What requests say of losses, checked. */
final class LossFields {

    /** As many as fit into a request's target beside the longest place. */
    private static final int MAX_MEMBERS = 100;

    private static final Pattern UUID_TEXT =
            Pattern.compile(
                    "[a-fA-F0-9]{8}-[a-fA-F0-9]{4}-[a-fA-F0-9]{4}-[a-fA-F0-9]{4}-[a-fA-F0-9]{12}");

    private LossFields() {}

    static List<MemberId> members(@Nullable List<String> ids) {
        if (ids == null || ids.isEmpty() || ids.size() > MAX_MEMBERS) {
            throw AdminException.field(
                    "member",
                    "member is needed, with the id of a member, once for each of 1 to "
                            + MAX_MEMBERS
                            + ".");
        }
        return ids.stream().map(LossFields::member).toList();
    }

    private static MemberId member(String id) {
        if (!UUID_TEXT.matcher(id).matches()) {
            throw AdminException.field(
                    "member", "member is the id of a member, not " + Fields.shown(id) + ".");
        }
        return new MemberId(UUID.fromString(id));
    }

    static @Nullable LossCursor after(@Nullable String text) {
        @Nullable String start = Fields.pageStart(text);
        return start == null
                ? null
                : LossCursor.parse(start)
                        .orElseThrow(
                                () ->
                                        AdminException.field(
                                                "after",
                                                "after is what next said, not "
                                                        + Fields.shown(start)
                                                        + "."));
    }
}
