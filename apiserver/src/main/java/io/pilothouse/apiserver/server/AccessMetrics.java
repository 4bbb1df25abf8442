package io.pilothouse.apiserver.server;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.pilothouse.apiserver.authz.Authorizer;
import io.pilothouse.apiserver.authz.Decision;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;

/**
 * Counts who was let in and who may, under upstream's names: authentication_attempts, authenticated_user_requests,
 * authentication_duration_seconds, authorization_attempts_total, authorization_duration_seconds, apiserver_authorization_decisions_total.
 * Safe for use by many threads.
 */
final class AccessMetrics {
    private static final Duration[] BUCKETS = IntStream.range(0, 15)
            .mapToObj(power -> Duration.ofMillis(1L << power))
            .toArray(Duration[]::new);

    private static final Set<String> WELL_KNOWN =
            Set.of("admin", "client", "kube_proxy", "kubelet", "system:serviceaccount:kube-system:default");

    private final MeterRegistry meters;
    private final Map<String, AtomicLong> plain = new ConcurrentHashMap<>();
    private final Map<String, Counter> counters = new ConcurrentHashMap<>();
    private final Map<String, Timer> timers = new ConcurrentHashMap<>();

    AccessMetrics(MeterRegistry meters) {
        this.meters = meters;
    }

    /** Somebody was let in. */
    void authenticated(String username, long startNanos) {
        count("authenticated.user.requests", "username", compressed(username));
        attempt("success", startNanos);
    }

    /** Somebody was not: a credential was bad, or just none there. */
    void refused(boolean error, long startNanos) {
        attempt(error ? "error" : "failure", startNanos);
    }

    private void attempt(String result, long startNanos) {
        count("authentication.attempts", "result", result);
        time("authentication.duration", result, startNanos);
    }

    /** A request was judged. */
    void authorized(Decision decision, long startNanos) {
        String result = decision.allowed()
                ? "allowed"
                : !decision.error().isEmpty()
                        ? "error"
                        : decision.kind() == Decision.Kind.DENY ? "denied" : "no-opinion";
        counter("authorization.attempts", "result", result).increment();
        time("authorization.duration", result, startNanos);
    }

    /** The same authorizer, whose decisions are counted. */
    Authorizer counted(String type, String name, Authorizer authorizer) {
        return attributes -> {
            var decision = authorizer.authorize(attributes);
            if (decision.kind() != Decision.Kind.NO_OPINION) {
                counter(
                                "apiserver.authorization.decisions",
                                "type",
                                type,
                                "name",
                                name,
                                "decision",
                                decision.allowed() ? "allowed" : "denied")
                        .increment();
            }
            return decision;
        };
    }

    private Counter counter(String name, String... tags) {
        return counters.computeIfAbsent(
                name + String.join("\0", tags),
                key -> Counter.builder(name).tags(tags).register(meters));
    }

    /** A counter of which upstream's name has no _total, which counters here always get: a gauge has it as it is. */
    private void count(String name, String... tags) {
        plain.computeIfAbsent(name + String.join("\0", tags), key -> {
                    var value = new AtomicLong();
                    Gauge.builder(name, value, AtomicLong::get).tags(tags).register(meters);
                    return value;
                })
                .incrementAndGet();
    }

    private void time(String name, String result, long startNanos) {
        timers.computeIfAbsent(
                        name + result,
                        key -> Timer.builder(name)
                                .tag("result", result)
                                .serviceLevelObjectives(BUCKETS)
                                .register(meters))
                .record(System.nanoTime() - startNanos, TimeUnit.NANOSECONDS);
    }

    /** Names are many; few of them are told apart. */
    private static String compressed(String username) {
        if (WELL_KNOWN.contains(username)) {
            return username;
        }
        return username.contains("@") ? "email_id" : "other";
    }
}
