package io.pilothouse.apiserver.server;

import io.pilothouse.apiserver.endpoint.ApiRequest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code /healthz}, {@code /livez} and {@code /readyz}: named checks, each of which can be asked for alone or left out. */
final class HealthChecks {
    private static final Logger LOG = LoggerFactory.getLogger(HealthChecks.class);

    /** Looks whether one thing works. */
    @FunctionalInterface
    interface Check {
        /** @throws Exception that says what is wrong */
        void run() throws Exception;
    }

    private final String name;
    private final Map<String, Check> checks;
    private final HealthMetrics metrics;

    /** @param name the path's word: healthz, livez or readyz */
    HealthChecks(String name, Map<String, Check> checks, HealthMetrics metrics) {
        this.name = name;
        this.metrics = metrics;
        this.checks = new LinkedHashMap<>(checks);
    }

    /** Serves the path and the paths of the single checks; false if the path is none of these. */
    boolean handle(ApiRequest request) throws IOException {
        String path = request.info().path();
        if (path.equals("/" + name)) {
            all(request);
            return true;
        }
        var check = path.startsWith("/" + name + "/") ? checks.get(path.substring(name.length() + 2)) : null;
        if (check == null) {
            return false;
        }
        try {
            check.run();
            ApiHandler.plain(request, 200, "ok");
        } catch (Exception e) {
            ApiHandler.plain(request, 500, "internal server error: " + e.getMessage() + "\n");
        }
        return true;
    }

    /** The paths that are served. */
    List<String> paths() {
        var out = new ArrayList<>(List.of("/" + name));
        checks.keySet().forEach(check -> out.add("/" + name + "/" + check));
        return out;
    }

    private void all(ApiRequest request) throws IOException {
        var excluded = new TreeSet<>(request.query().all("exclude"));
        var report = new StringBuilder();
        var failed = new ArrayList<String>();
        for (var entry : checks.entrySet()) {
            if (excluded.remove(entry.getKey())) {
                report.append("[+]").append(entry.getKey()).append(" excluded: ok\n");
            } else {
                report.append(run(entry.getKey(), entry.getValue(), failed));
            }
        }
        if (!excluded.isEmpty()) {
            report.append("warn: some health checks cannot be excluded: no matches for ")
                    .append(quoted(excluded))
                    .append('\n');
        }
        if (!failed.isEmpty()) {
            ApiHandler.plain(request, 500, report + name + " check failed\n");
        } else if (request.query().has("verbose")) {
            ApiHandler.plain(request, 200, report + name + " check passed\n");
        } else {
            ApiHandler.plain(request, 200, "ok");
        }
    }

    private String run(String check, Check action, List<String> failed) {
        try {
            action.run();
            metrics.observe(check, name, true);
            return "[+]" + check + " ok\n";
        } catch (Exception e) {
            LOG.atInfo()
                    .addKeyValue("check", name + "/" + check)
                    .addKeyValue("reason", e.getMessage())
                    .log("health check failed");
            metrics.observe(check, name, false);
            failed.add(check);
            return "[-]" + check + " failed: reason withheld\n";
        }
    }

    private static String quoted(Iterable<String> names) {
        var out = new ArrayList<String>();
        names.forEach(n -> out.add("\"" + n + "\""));
        return String.join(",", out);
    }
}
