package io.lilio.server.admin;

import io.lilio.admin.api.RingCommand;
import io.lilio.admin.api.RingPlace;
import io.lilio.catalog.ring.Intent;
import io.lilio.catalog.ring.MemberPlace;
import io.lilio.placement.MemberId;
import io.lilio.server.admin.gate.AdminException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a command on the ring, each asked for at most once; {@link #nothingElse} then
 * refuses those that the command has no use for. Not thread-safe.
 */
final class CommandFields {

    private static final int MAX_MEMBERS = 1_000;
    private static final int MAX_NAME = 253;

    private final RingCommand command;
    private final Set<String> used = new HashSet<>(Set.of("operationId", "expectedEpoch"));

    CommandFields(@Nullable RingCommand command) {
        this.command = Fields.body(command);
    }

    Intent intent() {
        long epoch = required("expectedEpoch", command.expectedEpoch());
        return new Intent(required("operationId", command.operationId()), epoch);
    }

    /** The same of a command that moves chunks to members. */
    Intent movingIntent() {
        used.add("ignoreCapacity");
        return Boolean.TRUE.equals(command.ignoreCapacity())
                ? intent().ignoringCapacity()
                : intent();
    }

    boolean acceptsDataLoss() {
        used.add("acceptDataLoss");
        return Boolean.TRUE.equals(command.acceptDataLoss());
    }

    List<MemberId> members() {
        return each("members", command.members()).map(MemberId::new).toList();
    }

    List<MemberPlace> admissions() {
        return places("admissions", command.admissions());
    }

    List<MemberPlace> places() {
        return places("places", command.places());
    }

    private List<MemberPlace> places(String name, @Nullable List<RingPlace> given) {
        List<MemberPlace> places = new ArrayList<>();
        for (RingPlace each : each(name, given).toList()) {
            places.add(memberPlace(name + "[" + places.size() + "]", each));
        }
        return places;
    }

    MemberId member() {
        return new MemberId(required("member", command.member()));
    }

    int weight() {
        return required("weight", command.weight());
    }

    MemberId old() {
        return new MemberId(required("old", command.old()));
    }

    MemberPlace replacement() {
        return memberPlace("replacement", required("replacement", command.replacement()));
    }

    private static MemberPlace memberPlace(String name, RingPlace given) {
        UUID member = given.member();
        if (member == null) {
            throw absent(name + ".member");
        }
        return new MemberPlace(
                new MemberId(member),
                host(name + ".host", given.host()),
                place(name + ".zone", given.zone()));
    }

    /** Members whose host has no name would all count as on the same one. */
    private static Optional<String> host(String name, @Nullable String text) {
        if (text != null && text.isBlank()) {
            throw AdminException.field(name, name + " is the name of a machine, or left out.");
        }
        return place(name, text);
    }

    private static Optional<String> place(String name, @Nullable String text) {
        return Optional.ofNullable(text).map(given -> Fields.text(name, given, MAX_NAME));
    }

    private <T> Stream<T> each(String name, @Nullable List<T> list) {
        List<T> given = required(name, list);
        if (given.isEmpty() || given.size() > MAX_MEMBERS) {
            throw AdminException.field(name, name + " names 1 to " + MAX_MEMBERS + " members.");
        }
        for (int i = 0; i < given.size(); i++) {
            @Nullable T element = given.get(i); // JSON may hold null
            if (element == null) {
                throw absent(name + "[" + i + "]");
            }
        }
        return given.stream();
    }

    private <T> T required(String name, @Nullable T value) {
        used.add(name);
        if (value == null) {
            throw absent(name);
        }
        return value;
    }

    private static AdminException absent(String name) {
        return AdminException.field(name, "This command needs " + name + ".");
    }

    /**
     * @throws AdminException when the document says something that this command does not take
     */
    void nothingElse() {
        refuse("members", command.members());
        refuse("admissions", command.admissions());
        refuse("places", command.places());
        refuse("member", command.member());
        refuse("weight", command.weight());
        refuse("old", command.old());
        refuse("replacement", command.replacement());
        refuse("ignoreCapacity", command.ignoreCapacity());
        refuse("acceptDataLoss", command.acceptDataLoss());
    }

    private void refuse(String name, @Nullable Object value) {
        if (value != null && !used.contains(name)) {
            throw AdminException.field(name, "This command takes no " + name + ".");
        }
    }
}
