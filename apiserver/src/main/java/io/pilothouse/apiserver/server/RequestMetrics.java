package io.pilothouse.apiserver.server;

import io.pilothouse.apiserver.endpoint.RequestContext;
import io.pilothouse.apiserver.metrics.Gauge;
import io.pilothouse.apiserver.metrics.Metrics;
import io.pilothouse.apiserver.request.RequestInfo;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Counts requests under upstream's names (see {@link RequestFamilies}). As upstream does, those are counted that reached a route, or were turned
 * away on the way to one for want of room or time. Safe for use by many threads.
 */
final class RequestMetrics {
    private static final int TOO_MANY = 429;
    private static final int TIME_OVER = 504;

    private final AccessMetrics access;
    private final RequestFamilies families;
    private final FilterMetrics filters;
    private final Predicate<RequestInfo> known;
    private final Watermark readOnly = new Watermark(System::nanoTime);
    private final Watermark mutating = new Watermark(System::nanoTime);
    private final Map<RequestSeries.Place, RequestSeries> series = new ConcurrentHashMap<>();

    /** @param known whether there is a resource as a request names it: what there is not gets no series of its own */
    RequestMetrics(Metrics metrics, AccessMetrics access, Predicate<RequestInfo> known) {
        this.access = access;
        this.known = known;
        families = new RequestFamilies(metrics, readOnly, mutating);
        filters = new FilterMetrics(metrics);
    }

    /** Of who is let in and who may. */
    AccessMetrics access() {
        return access;
    }

    /** Of how long each filter takes. */
    FilterMetrics filters() {
        return filters;
    }

    /**
     * Notes that a request has begun.
     *
     * @param apply whether it is a patch of server-side apply
     * @param dryRun what its dryRun parameter says
     */
    InFlight begin(RequestInfo info, String method, boolean apply, String dryRun) {
        return new InFlight(info, method, apply, dryRun);
    }

    private RequestSeries seriesOf(RequestSeries.Place place) {
        return series.computeIfAbsent(place, p -> new RequestSeries(p, families));
    }

    /** A request under way; closed when it is over. */
    final class InFlight implements RequestContext.Meter, AutoCloseable {
        private final RequestInfo info;
        private final String method;
        private final boolean apply;
        private final String dryRun;
        private final long startNanos = System.nanoTime();
        private final @Nullable Watermark kind;
        private @Nullable RequestSeries counted;
        private @Nullable Gauge lasting;

        private InFlight(RequestInfo info, String method, boolean apply, String dryRun) {
            this.info = info;
            this.method = method;
            this.apply = apply;
            this.dryRun = dryRun;
            this.kind = info.longRunning() ? null : info.readOnly() ? readOnly : mutating;
            if (kind != null) {
                kind.increment();
            }
        }

        private RequestSeries series() {
            return seriesOf(RequestSeries.Place.of(info, method, apply, dryRun));
        }

        @Override
        public void routed(boolean deprecated) {
            if (counted != null) {
                return;
            }
            counted = series();
            if (info.longRunning()) {
                lasting = counted.lasting();
                lasting.increment();
            }
            if (deprecated) {
                families.deprecated(info);
            }
        }

        /**
         * The request was answered.
         *
         * @param othersNanos what of its time webhooks and waiting for room took
         */
        void end(int code, long sentBytes, long othersNanos) {
            if (counted != null) {
                counted.answered(code, System.nanoTime() - startNanos, othersNanos, sentBytes);
            }
        }

        /** There was no room for it. */
        void dropped() {
            turnedAway(TOO_MANY).ifPresent(place -> {
                place.count(TOO_MANY);
                place.terminated(TOO_MANY);
            });
        }

        /** The request's time was over before it was answered, or with its answer half given. From any thread. */
        void timedOut(boolean brokenOff) {
            turnedAway(TIME_OVER).ifPresent(place -> {
                place.terminated(TIME_OVER);
                if (brokenOff) {
                    place.aborted();
                }
            });
        }

        /** The work for it ended after that. */
        void endedLate() {
            families.late();
        }

        private Optional<RequestSeries> turnedAway(int code) {
            boolean countable = !info.isResource() ? code != TOO_MANY : known.test(info);
            return countable ? Optional.of(series()) : Optional.empty();
        }

        @Override
        public void close() {
            if (kind != null) {
                kind.decrement();
            }
            if (lasting != null) {
                lasting.decrement();
            }
        }
    }
}
