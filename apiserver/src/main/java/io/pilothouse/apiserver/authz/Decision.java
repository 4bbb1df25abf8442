package io.pilothouse.apiserver.authz;

/**
 * An authorizer's answer.
 *
 * @param reason shown to the client
 * @param error what went wrong on the way to it; empty where nothing did
 */
public record Decision(Kind kind, String reason, String error) {
    /** What was decided. */
    public enum Kind {
        ALLOW,
        DENY,
        NO_OPINION
    }

    public static Decision allow(String reason) {
        return new Decision(Kind.ALLOW, reason, "");
    }

    public static Decision deny(String reason) {
        return new Decision(Kind.DENY, reason, "");
    }

    public static Decision noOpinion(String reason) {
        return new Decision(Kind.NO_OPINION, reason, "");
    }

    /** The same decision, with what went wrong. */
    public Decision withError(String what) {
        return new Decision(kind, reason, what);
    }

    public boolean allowed() {
        return kind == Kind.ALLOW;
    }
}
