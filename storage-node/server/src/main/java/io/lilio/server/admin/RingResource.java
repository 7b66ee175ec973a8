package io.lilio.server.admin;

import io.lilio.admin.api.LossPage;
import io.lilio.admin.api.RingApi;
import io.lilio.admin.api.RingChangeStatus;
import io.lilio.admin.api.RingCommand;
import io.lilio.admin.api.RingStatus;
import io.lilio.catalog.loss.LossCursor;
import io.lilio.catalog.loss.LossWalk;
import io.lilio.catalog.ring.Intent;
import io.lilio.catalog.ring.MemberPlace;
import io.lilio.catalog.ring.RingChange;
import io.lilio.catalog.ring.RingCommandRefused;
import io.lilio.catalog.ring.RingCommands;
import io.lilio.catalog.ring.RingStore;
import io.lilio.maintenance.move.MemberBackends;
import io.lilio.placement.MemberId;
import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.inject.Singleton;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The ring and the commands on it. */
@Singleton
@RunOnVirtualThread
final class RingResource implements RingApi {

    private final AdminState state;
    private final CurrentCall call;

    RingResource(AdminState state, CurrentCall call) {
        this.state = state;
        this.call = call;
    }

    /** A command, once its fields are known. */
    private interface Asking {
        RingChange ask(RingCommands ring);
    }

    @Override
    public RingStatus ring() {
        return RingDocument.of(state.node().cluster().ring().refresh());
    }

    @Override
    public RingChangeStatus admit(@Nullable RingCommand command) {
        CommandFields fields = new CommandFields(command);
        Intent intent = fields.movingIntent();
        List<MemberPlace> admissions = fields.admissions();
        return run(fields, ring -> ring.admit(intent, admissions));
    }

    @Override
    public RingChangeStatus drain(@Nullable RingCommand command) {
        CommandFields fields = new CommandFields(command);
        Intent intent = fields.movingIntent();
        List<MemberId> members = fields.members();
        return run(fields, ring -> ring.drain(intent, members));
    }

    @Override
    public RingChangeStatus cancel(@Nullable RingCommand command) {
        CommandFields fields = new CommandFields(command);
        Intent intent = fields.intent();
        return run(fields, ring -> ring.cancel(intent));
    }

    @Override
    public RingChangeStatus markLost(@Nullable RingCommand command) {
        CommandFields fields = new CommandFields(command);
        Intent intent = fields.intent();
        List<MemberId> members = fields.members();
        boolean acceptDataLoss = fields.acceptsDataLoss();
        return run(fields, ring -> markLost(ring, intent, members, acceptDataLoss));
    }

    /** Whoever has to accept a loss is told of what. */
    private RingChange markLost(
            RingCommands ring, Intent intent, List<MemberId> members, boolean acceptDataLoss) {
        try {
            return ring.markLost(intent, members, acceptDataLoss);
        } catch (RingCommandRefused refused) {
            throw refused.endangered()
                    .map(endangered -> refused.saying("; " + losses().naming(endangered)))
                    .orElse(refused);
        }
    }

    @Override
    public LossPage losses(
            @Nullable List<String> members, @Nullable String after, @Nullable String limit) {
        List<MemberId> toLose = LossFields.members(members);
        @Nullable LossCursor begin = LossFields.after(after);
        int count = Fields.pageLimit(limit);
        return losses().page(commands().endangeredBy(toLose), begin, count);
    }

    private Losses losses() {
        return new Losses(new LossWalk(state.node().metadata()));
    }

    private RingCommands commands() {
        AdminNode node = state.node();
        return new RingCommands(
                new RingStore(node.metadata()), new MemberBackends(node.cluster().members()));
    }

    @Override
    public RingChangeStatus replace(@Nullable RingCommand command) {
        CommandFields fields = new CommandFields(command);
        Intent intent = fields.movingIntent();
        MemberId old = fields.old();
        MemberPlace replacement = fields.replacement();
        return run(fields, ring -> ring.replace(intent, old, replacement));
    }

    @Override
    public RingChangeStatus reweigh(@Nullable RingCommand command) {
        CommandFields fields = new CommandFields(command);
        Intent intent = fields.movingIntent();
        MemberId member = fields.member();
        int weight = fields.weight();
        return run(fields, ring -> ring.reweigh(intent, member, weight));
    }

    @Override
    public RingChangeStatus relocate(@Nullable RingCommand command) {
        CommandFields fields = new CommandFields(command);
        Intent intent = fields.movingIntent();
        List<MemberPlace> places = fields.places();
        return run(fields, ring -> ring.relocate(intent, places));
    }

    @Override
    public RingChangeStatus readmit(@Nullable RingCommand command) {
        CommandFields fields = new CommandFields(command);
        Intent intent = fields.movingIntent();
        List<MemberId> members = fields.members();
        return run(fields, ring -> ring.readmit(intent, members));
    }

    @Override
    public RingChangeStatus remove(@Nullable RingCommand command) {
        CommandFields fields = new CommandFields(command);
        Intent intent = fields.intent();
        List<MemberId> members = fields.members();
        return run(fields, ring -> ring.remove(intent, members));
    }

    private RingChangeStatus run(CommandFields fields, Asking asking) {
        fields.nothingElse();
        RingChange change = asking.ask(commands());
        call.note(
                "%s %s of %s"
                        .formatted(
                                change.operation().type(),
                                change.operation().id(),
                                change.operation().targets()));
        return new RingChangeStatus(
                RingDocument.operation(change.operation()),
                change.outcome().map(Enum::name).orElse(null),
                ring());
    }
}
