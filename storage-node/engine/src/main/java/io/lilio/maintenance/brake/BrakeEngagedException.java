package io.lilio.maintenance.brake;

/** Nothing may be deleted until an administrator has acknowledged why. */
public final class BrakeEngagedException extends RuntimeException {

    BrakeEngagedException(String reason) {
        super("the deletion brake is engaged: " + reason);
    }
}
