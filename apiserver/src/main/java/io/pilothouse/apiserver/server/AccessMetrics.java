package io.pilothouse.apiserver.server;

import io.pilothouse.apiserver.authz.Authorizer;
import io.pilothouse.apiserver.authz.Decision;
import io.pilothouse.apiserver.metrics.Buckets;
import io.pilothouse.apiserver.metrics.Counter;
import io.pilothouse.apiserver.metrics.Family;
import io.pilothouse.apiserver.metrics.Histogram;
import io.pilothouse.apiserver.metrics.Metrics;
import io.pilothouse.apiserver.metrics.Stability;
import java.util.Set;

/** Counts who was let in and who may, under upstream's names: authentication_*, authorization_*. Safe for use by many threads. */
final class AccessMetrics {
    private static final Set<String> WELL_KNOWN =
            Set.of("admin", "client", "kube_proxy", "kubelet", "system:serviceaccount:kube-system:default");

    /** What came of asking, counted and timed. */
    private record Result(Counter attempts, Histogram duration) {
        void note(long startNanos) {
            attempts.increment();
            duration.since(startNanos);
        }
    }

    private final Family.Of<Counter> users;
    private final Family.Of<Counter> decisions;
    private final Result success;
    private final Result failure;
    private final Result error;
    private final Result allowed;
    private final Result denied;
    private final Result noOpinion;
    private final Result undecided;

    AccessMetrics(Metrics metrics) {
        users = metrics.counters(
                "authenticated_user_requests",
                Stability.ALPHA,
                "Counter of authenticated requests broken out by username.",
                "username");
        decisions = metrics.counters(
                "apiserver_authorization_decisions_total",
                Stability.ALPHA,
                "Total number of terminal decisions made by an authorizer split by authorizer type, name, and decision.",
                "type",
                "name",
                "decision");
        double[] buckets = Buckets.exponential(0.001, 2, 15);
        var attempts = metrics.counters(
                "authentication_attempts", Stability.ALPHA, "Counter of authenticated attempts.", "result");
        var durations = metrics.histograms(
                "authentication_duration_seconds",
                Stability.ALPHA,
                "Authentication duration in seconds broken out by result.",
                buckets,
                "result");
        success = new Result(attempts.of("success"), durations.of("success"));
        failure = new Result(attempts.of("failure"), durations.of("failure"));
        error = new Result(attempts.of("error"), durations.of("error"));
        var judged = metrics.counters(
                "authorization_attempts_total",
                Stability.ALPHA,
                "Counter of authorization attempts broken down by result. It can be either 'allowed', 'denied', 'no-opinion' or 'error'.",
                "result");
        var judging = metrics.histograms(
                "authorization_duration_seconds",
                Stability.ALPHA,
                "Authorization duration in seconds broken out by result.",
                buckets,
                "result");
        allowed = new Result(judged.of("allowed"), judging.of("allowed"));
        denied = new Result(judged.of("denied"), judging.of("denied"));
        noOpinion = new Result(judged.of("no-opinion"), judging.of("no-opinion"));
        undecided = new Result(judged.of("error"), judging.of("error"));
    }

    /** Somebody was let in. */
    void authenticated(String username, long startNanos) {
        users.of(compressed(username)).increment();
        success.note(startNanos);
    }

    /** Somebody was not: a credential was bad, or just none there. */
    void refused(boolean bad, long startNanos) {
        (bad ? error : failure).note(startNanos);
    }

    /** A request was judged. */
    void authorized(Decision decision, long startNanos) {
        result(decision).note(startNanos);
    }

    private Result result(Decision decision) {
        if (decision.allowed()) {
            return allowed;
        }
        if (!decision.error().isEmpty()) {
            return undecided;
        }
        return decision.kind() == Decision.Kind.DENY ? denied : noOpinion;
    }

    /** The same authorizer, whose decisions are counted. */
    Authorizer counted(String type, String name, Authorizer authorizer) {
        return attributes -> {
            var decision = authorizer.authorize(attributes);
            if (decision.kind() != Decision.Kind.NO_OPINION) {
                decisions
                        .of(type, name, decision.allowed() ? "allowed" : "denied")
                        .increment();
            }
            return decision;
        };
    }

    /** Names are many; few of them are told apart. */
    private static String compressed(String username) {
        if (WELL_KNOWN.contains(username)) {
            return username;
        }
        return username.contains("@") ? "email_id" : "other";
    }
}
