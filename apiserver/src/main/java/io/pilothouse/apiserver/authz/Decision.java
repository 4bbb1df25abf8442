package io.pilothouse.apiserver.authz;

/** An authorizer's answer. The reason is shown to the client. */
public record Decision(Kind kind, String reason) {
    /** What was decided. */
    public enum Kind {
        ALLOW,
        DENY,
        NO_OPINION
    }

    public static Decision allow(String reason) {
        return new Decision(Kind.ALLOW, reason);
    }

    public static Decision deny(String reason) {
        return new Decision(Kind.DENY, reason);
    }

    public static Decision noOpinion(String reason) {
        return new Decision(Kind.NO_OPINION, reason);
    }

    public boolean allowed() {
        return kind == Kind.ALLOW;
    }
}
