package io.pilothouse.apiserver.fairness;

import io.pilothouse.apiserver.request.Query;
import io.pilothouse.apiserver.request.RequestInfo;
import io.pilothouse.apiserver.request.UserInfo;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Priority and fairness: the first flow schema that matches a request gives it a priority level and a flow; the level has its part of the server's
 * seats, lends what it does not use and borrows what others do not, and lets its flows in fairly. Safe for use by many threads.
 */
public final class Fairness implements Limiter {
    private record Plan(List<FlowSchema> schemas, Map<String, Level> levels) {}

    private final int capacity;
    private final long patienceNanos;
    private final WorkEstimator estimator;
    private final FairnessMetrics metrics;
    private final LongSupplier nanos;
    private final ScheduledExecutorService timer;
    private volatile Plan plan = new Plan(List.of(), Map.of());
    private volatile boolean unwanted;
    private int nominalSum;

    /**
     * Begins with what every server has: the exempt level and the one for all else.
     *
     * @param capacity requests at once, of all levels together
     * @param patience how long a request waits at most
     */
    public Fairness(
            int capacity,
            Duration patience,
            WorkEstimator estimator,
            FairnessMetrics metrics,
            LongSupplier nanos,
            ScheduledExecutorService timer) {
        this.capacity = capacity;
        this.patienceNanos = patience.toNanos();
        this.estimator = estimator;
        this.metrics = metrics;
        this.nanos = nanos;
        this.timer = timer;
        digest(List.of(), List.of());
    }

    @Override
    public Seat admit(UserInfo user, RequestInfo info, Query query, Consumer<Runnable> onGone)
            throws OverloadedException, InterruptedException {
        var now = plan;
        var schema = classify(now, user, info);
        var level = Objects.requireNonNull(now.levels().get(schema.level()));
        var spec = level.spec();
        if (info.longRunning() && !info.verb().equals("watch")) {
            return new Seat(schema.uid(), spec.uid(), () -> {});
        }
        String flow = spec.queues() > 1 ? schema.flowOf(user, info) : "";
        long hash = spec.queues() > 1 ? SeatDealer.hash(schema.name(), flow) : 0;
        var work = estimator.estimate(info, query, level.mostSeats());
        var series = metrics.of(spec.name(), schema.name());
        long arrived = nanos.getAsLong();
        var entry = level.queues().enter(schema.name(), flow, work, hash);
        if (entry.isWaiting()) {
            onGone.accept(entry::cancel);
            series.enqueued(work, info.readOnly());
            try {
                level.queues().await(entry, patienceNanos);
            } finally {
                series.dequeued(work, info.readOnly());
            }
        }
        long begun = nanos.getAsLong();
        var refusal = entry.refusal();
        if (refusal != null) {
            series.refused(refusal.text, begun - arrived);
            int retryAfter = level.dropped().note(TimeUnit.NANOSECONDS.toSeconds(begun));
            throw new OverloadedException(refusal.text, new Seat(schema.uid(), spec.uid(), () -> {}), retryAfter);
        }
        series.admitted(work, begun - arrived, spec.exempt());
        return new Seat(schema.uid(), spec.uid(), () -> {
            entry.finish();
            series.served(work, nanos.getAsLong() - begun);
        });
    }

    private static FlowSchema classify(Plan plan, UserInfo user, RequestInfo info) {
        for (var schema : plan.schemas()) {
            if (schema.matches(user, info)) {
                return schema;
            }
        }
        // The one for all else does not match what its rules do not name; it is the last.
        return plan.schemas().getLast();
    }

    /** Takes over new objects. Requests under way keep their seats; a level that is gone stays until they have ended. */
    synchronized void digest(List<LevelSpec> specs, List<FlowSchema> given) {
        var before = plan;
        var levels = new LinkedHashMap<String, Level>();
        for (var spec : specs) {
            keep(levels, before, spec, true);
        }
        for (var fallback : List.of(LevelSpec.standingExempt(), LevelSpec.standingCatchAll())) {
            if (!levels.containsKey(fallback.name())) {
                keep(levels, before, fallback, true);
            }
        }
        before.levels().forEach((name, level) -> {
            if (!levels.containsKey(name) && !level.isIdle()) {
                keep(levels, before, level.spec(), false);
            }
        });
        int shares = levels.values().stream().mapToInt(l -> l.spec().shares()).sum();
        nominalSum = 0;
        for (var level : levels.values()) {
            level.relimit(limits(level, shares));
            nominalSum += level.limits().nominal();
        }
        before.levels().keySet().stream()
                .filter(name -> !levels.containsKey(name))
                .forEach(metrics::forget);
        plan = new Plan(schemas(given, levels), Map.copyOf(levels));
        unwanted = levels.values().stream().anyMatch(l -> !l.wanted());
        share(levels);
    }

    private void keep(Map<String, Level> levels, Plan before, LevelSpec spec, boolean wanted) {
        var level = before.levels().get(spec.name());
        if (level == null || level.spec().exempt() != spec.exempt()) {
            level = new Level(spec, new Level.Limits(0, 0, 0, 0), nanos, timer);
            metrics.forget(spec.name());
            metrics.watch(level);
        }
        level.respec(spec);
        level.want(wanted);
        levels.put(spec.name(), level);
    }

    private Level.Limits limits(Level level, int allShares) {
        var spec = level.spec();
        int nominal = allShares == 0 ? 0 : (int) Math.ceil((double) capacity * spec.shares() / allShares);
        int lendable = (int) Math.round(nominal * spec.lendablePercent() / 100.0);
        int borrowing =
                spec.borrowingPercent() < 0 ? capacity : (int) Math.round(nominal * spec.borrowingPercent() / 100.0);
        boolean isNew = level.limits().nominal() == 0 && level.limits().most() == 0;
        int current = isNew ? nominal - lendable / 2 : level.limits().current();
        return new Level.Limits(nominal, nominal - lendable, nominal + borrowing, current);
    }

    private static List<FlowSchema> schemas(List<FlowSchema> given, Map<String, Level> levels) {
        var schemas = new ArrayList<FlowSchema>();
        given.stream()
                .filter(s ->
                        levels.containsKey(s.level()) && levels.get(s.level()).wanted())
                .sorted(FlowSchema.ORDER)
                .forEach(schemas::add);
        if (schemas.stream().noneMatch(s -> s.name().equals("exempt"))) {
            schemas.addFirst(fallback("exempt", 1, UserInfo.SUPERUSERS));
        }
        if (schemas.stream().noneMatch(s -> s.name().equals("catch-all"))) {
            schemas.add(fallback("catch-all", 10_000, "*"));
        }
        return List.copyOf(schemas);
    }

    private static FlowSchema fallback(String name, int precedence, String group) {
        var all = List.of("*");
        var rule = new FlowSchema.Rule(
                List.of(new FlowSchema.Subject("Group", "", group)),
                List.of(new FlowSchema.ResourceRule(all, all, all, true, all)),
                List.of(new FlowSchema.PathRule(all, all)));
        return new FlowSchema(name, "", precedence, name, FlowSchema.Distinguisher.NONE, List.of(rule));
    }

    /** Lends seats that are not asked for to levels that ask for more; to be called every ten seconds. */
    synchronized void share() {
        share(plan.levels());
    }

    private void share(Map<String, Level> levels) {
        levels.values().forEach(Level::observe);
        var limited = levels.values().stream().filter(l -> !l.spec().exempt()).toList();
        int left = nominalSum
                - levels.values().stream()
                        .filter(l -> l.spec().exempt())
                        .mapToInt(Level::leastNow)
                        .sum();
        int least = limited.stream().mapToInt(l -> l.limits().least()).sum();
        int leastNow = limited.stream().mapToInt(Level::leastNow).sum();
        levels.values().stream().filter(l -> l.spec().exempt()).forEach(l -> setCurrent(l, l.leastNow()));
        if (left <= least) {
            limited.forEach(l -> setCurrent(l, l.limits().least()));
            metrics.fairFraction(0);
        } else if (left <= leastNow) {
            double part = (double) (left - least) / (leastNow - least);
            limited.forEach(l -> setCurrent(
                    l,
                    l.limits().least()
                            + (int) Math.round((l.leastNow() - l.limits().least()) * part)));
            metrics.fairFraction(0);
        } else {
            var outcome = Allocation.of(
                    nominalSum,
                    limited.stream()
                            .map(l -> new Allocation.Wish(
                                    l.leastNow(), l.smoothedDemand(), l.limits().most()))
                            .toList());
            for (int i = 0; i < limited.size(); i++) {
                setCurrent(limited.get(i), (int) Math.round(outcome.seats()[i]));
            }
            metrics.fairFraction(outcome.factor());
        }
    }

    private static void setCurrent(Level level, int seats) {
        var limits = level.limits();
        level.relimit(new Level.Limits(limits.nominal(), limits.least(), limits.most(), seats));
    }

    /** Whether some level is left only because requests were in it. */
    boolean hasUnwanted() {
        return unwanted;
    }

    /** The levels, by name. */
    Map<String, Level> levels() {
        return plan.levels();
    }
}
