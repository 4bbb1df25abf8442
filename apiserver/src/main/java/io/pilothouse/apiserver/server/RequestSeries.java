package io.pilothouse.apiserver.server;

import io.pilothouse.apiserver.metrics.Counter;
import io.pilothouse.apiserver.metrics.Gauge;
import io.pilothouse.apiserver.metrics.Histogram;
import io.pilothouse.apiserver.request.RequestInfo;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** All that is counted of requests of one place, found once. Safe for use by many threads. */
final class RequestSeries {
    private static final Set<String> SIZED = Set.of("GET", "LIST");

    /** What is counted together. */
    record Place(
            String verb,
            String dryRun,
            String group,
            String version,
            String resource,
            String subresource,
            String scope,
            String component) {

        static Place of(RequestInfo info, String method, boolean apply, String dryRun) {
            String told = dryRun.equals("All") ? "All" : "";
            if (!info.isResource()) {
                String path = info.path();
                return new Place(
                        method.equals("HEAD") ? "GET" : method.toUpperCase(Locale.ROOT),
                        told,
                        "",
                        "",
                        "",
                        subresource(path),
                        "",
                        path.startsWith("/api") ? "apiserver" : "");
            }
            return new Place(
                    verb(info, apply),
                    told,
                    info.group(),
                    info.version(),
                    info.resource(),
                    info.subresource(),
                    scope(info),
                    "apiserver");
        }

        private static String verb(RequestInfo info, boolean apply) {
            if (info.longRunning() && !info.verb().equals("watch")) {
                return "CONNECT";
            }
            return switch (info.verb()) {
                case "create" -> "POST";
                case "update" -> "PUT";
                case "patch" -> apply ? "APPLY" : "PATCH";
                case "delete", "deletecollection" -> "DELETE";
                default -> info.verb().toUpperCase(Locale.ROOT);
            };
        }

        private static String scope(RequestInfo info) {
            if (!info.name().isEmpty() || info.verb().equals("create")) {
                return "resource";
            }
            return info.namespace().isEmpty() ? "cluster" : "namespace";
        }

        /** Paths are many; those that upstream tells apart are told apart. */
        private static String subresource(String path) {
            if (path.startsWith("/openapi/v3")) {
                return path.equals("/openapi/v3") ? "openapi/v3" : "openapi/v3/";
            }
            return switch (path) {
                case "/healthz", "/livez", "/readyz", "/api", "/apis" -> path;
                default -> "";
            };
        }

        String[] named(boolean withDryRun, boolean withComponent) {
            if (withDryRun) {
                return new String[] {verb, dryRun, group, version, resource, subresource, scope, component};
            }
            return withComponent
                    ? new String[] {verb, group, version, resource, subresource, scope, component}
                    : new String[] {verb, group, version, resource, subresource, scope};
        }
    }

    private final Place place;
    private final RequestFamilies families;
    private final Histogram durations;
    private final @Nullable Histogram ownDurations;
    private final @Nullable Histogram sizes;
    private final Map<Integer, Counter> codes = new ConcurrentHashMap<>();

    RequestSeries(Place place, RequestFamilies families) {
        this.place = place;
        this.families = families;
        durations = families.durations().of(place.named(true, true));
        ownDurations = place.dryRun().isEmpty() ? families.ownDurations().of(place.named(false, true)) : null;
        sizes = SIZED.contains(place.verb()) ? families.sizes().of(place.named(false, true)) : null;
    }

    Gauge lasting() {
        return families.lasting().of(place.named(false, true));
    }

    /** @param othersNanos what of the time webhooks and waiting for room took */
    void answered(int code, long nanos, long othersNanos, long bytes) {
        count(code);
        durations.nanos(nanos);
        if (ownDurations != null) {
            ownDurations.nanos(nanos - othersNanos);
        }
        if (sizes != null) {
            sizes.observe((double) bytes);
        }
    }

    void count(int code) {
        codes.computeIfAbsent(code, c -> families.counts(place, c)).increment();
    }

    void terminated(int code) {
        families.terminations(place, code).increment();
    }

    void aborted() {
        families.aborts(place).increment();
    }
}
