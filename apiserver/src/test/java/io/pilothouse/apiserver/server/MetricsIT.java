package io.pilothouse.apiserver.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a scrape shows: upstream's names, labels and stability, and values that move. */
class MetricsIT {
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";
    private static final String MAPS_PLACE =
            "component=\"apiserver\",group=\"\",resource=\"configmaps\",scope=\"%s\",subresource=\"\",verb=\"%s\",version=\"v1\"";
    private static final String HOOK = """
            {"apiVersion":"admissionregistration.k8s.io/v1","kind":"ValidatingWebhookConfiguration","metadata":{"name":"hook"},"webhooks":[
            {"name":"hook.example.com","sideEffects":"None","admissionReviewVersions":["v1"],"failurePolicy":"%s","timeoutSeconds":1,
            "matchConditions":[{"name":"a","expression":"object.metadata.name.startsWith('hooked')"}],
            "clientConfig":{"url":"https://127.0.0.1:1/"},
            "rules":[{"apiGroups":[""],"apiVersions":["v1"],"operations":["CREATE"],"resources":["configmaps"]}]}]}
            """;

    @TempDir
    Path directory;

    private record Scrape(String text, Map<String, Double> values) {
        static Scrape of(ApiServerFixture fixture) throws Exception {
            String text = fixture.send("GET", "/metrics", "").body();
            var values = text.lines()
                    .filter(line -> !line.startsWith("#"))
                    .collect(Collectors.toMap(
                            line -> line.substring(0, line.lastIndexOf(' ')),
                            line -> Double.parseDouble(
                                    line.substring(line.lastIndexOf(' ') + 1).replace("+Inf", "Infinity"))));
            return new Scrape(text, values);
        }

        double of(String series) {
            return values.getOrDefault(series, 0.0);
        }

        void declares(String name, String type, String mark) {
            assertThat("\n" + text)
                    .contains("\n# HELP " + name + " " + mark)
                    .contains("\n# TYPE " + name + " " + type + "\n");
        }
    }

    private static String counted(String code, String scope, String verb) {
        return "apiserver_request_total{code=\"" + code + "\","
                + MAPS_PLACE.formatted(scope, verb).replace("group=", "dry_run=\"\",group=") + "}";
    }

    @Test
    void tellsWhatHappens() throws Exception {
        try (var fixture = new ApiServerFixture(directory)) {
            var before = Scrape.of(fixture);
            work(fixture);
            var after = Scrape.of(fixture);
            requests(before, after);
            storage(before, after);
            admission(after);
            background(after);
            names(after);
            theUnknownGetsNoSeries(fixture);
            brokenHandshakesAreCounted(fixture);
        }
    }

    private static void work(ApiServerFixture fixture) throws Exception {
        for (int i = 0; i < 3; i++) {
            fixture.send("POST", MAPS, "{\"metadata\":{\"name\":\"map-" + i + "\"}}");
        }
        fixture.send("POST", MAPS, "{\"metadata\":{\"name\":\"map-0\"}}");
        fixture.send("GET", MAPS, "");
        fixture.send("GET", MAPS + "/map-0", "");
        fixture.send(
                "PATCH", MAPS + "/map-0", "{\"data\":{\"a\":\"b\"}}", "Content-Type", "application/merge-patch+json");
        fixture.send("DELETE", MAPS + "/map-1", "");
        fixture.send("GET", MAPS + "?watch=true&timeoutSeconds=1&resourceVersion=0", "");
        fixture.send("GET", "/api/v1/componentstatuses", "");
        String hooks = "/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations";
        fixture.send("POST", hooks, HOOK.formatted("Fail"));
        untilStatus(fixture, 500);
        fixture.send("PUT", hooks + "/hook", HOOK.formatted("Ignore"));
        var current = fixture.send("GET", hooks + "/hook", "");
        fixture.send("PUT", hooks + "/hook", current.body().replace("\"Fail\"", "\"Ignore\""));
        untilStatus(fixture, 201);
    }

    private static void untilStatus(ApiServerFixture fixture, int status) throws Exception {
        var deadline = Instant.now().plus(Duration.ofSeconds(20));
        int got = 0;
        for (int i = 0; got != status; i++) {
            assertThat(Instant.now()).isBefore(deadline);
            got = fixture.send("POST", MAPS, "{\"metadata\":{\"name\":\"hooked-" + status + "-" + i + "\"}}")
                    .statusCode();
        }
    }

    private static void requests(Scrape before, Scrape after) {
        assertThat(after.of(counted("201", "resource", "POST")) - before.of(counted("201", "resource", "POST")))
                .isGreaterThanOrEqualTo(3);
        assertThat(after.of(counted("409", "resource", "POST"))).isEqualTo(1);
        assertThat(after.of(counted("200", "namespace", "LIST"))).isEqualTo(1);
        assertThat(after.of(counted("200", "resource", "DELETE"))).isEqualTo(1);
        assertThat(after.of(counted("200", "resource", "PATCH"))).isEqualTo(1);
        assertThat(after.of(counted("200", "namespace", "WATCH"))).isEqualTo(1);
        String list = MAPS_PLACE.formatted("namespace", "LIST");
        assertThat(after.of("apiserver_response_sizes_sum{" + list + "}")).isGreaterThan(100);
        assertThat(after.of("apiserver_request_sli_duration_seconds_count{" + list + "}"))
                .isEqualTo(1);
        assertThat(after.of("apiserver_longrunning_requests{" + MAPS_PLACE.formatted("namespace", "WATCH") + "}"))
                .isZero();
        assertThat(after.of("apiserver_watch_events_total{group=\"\",resource=\"configmaps\",version=\"v1\"}"))
                .isGreaterThanOrEqualTo(2);
        assertThat(
                        after.of(
                                "apiserver_requested_deprecated_apis{group=\"\",removed_release=\"\",resource=\"componentstatuses\",subresource=\"\",version=\"v1\"}"))
                .isEqualTo(1);
    }

    private static void storage(Scrape before, Scrape after) {
        String created = "etcd_requests_total{group=\"\",operation=\"create\",resource=\"configmaps\"}";
        assertThat(after.of(created) - before.of(created)).isGreaterThanOrEqualTo(3);
        assertThat(after.of(
                        "etcd_request_duration_seconds_count{group=\"\",operation=\"delete\",resource=\"configmaps\"}"))
                .isEqualTo(1);
        assertThat(after.of("etcd_request_errors_total{group=\"\",operation=\"create\",resource=\"configmaps\"}"))
                .isZero();
        String objects = "apiserver_resource_objects{group=\"\",resource=\"configmaps\"}";
        assertThat(after.of(objects) - before.of(objects)).isGreaterThanOrEqualTo(2);
        assertThat(after.of("apiserver_storage_objects{resource=\"clusterroles.rbac.authorization.k8s.io\"}"))
                .isGreaterThan(50);
        assertThat(after.of("apiserver_storage_size_bytes{storage_cluster_id=\"etcd-0\"}"))
                .isGreaterThan(10_000);
        String events = "apiserver_watch_cache_events_received_total{group=\"\",resource=\"configmaps\"}";
        assertThat(after.of(events) - before.of(events)).isGreaterThanOrEqualTo(5);
        assertThat(after.of("watch_cache_capacity{group=\"apps\",resource=\"deployments\"}"))
                .isPositive();
    }

    private static void admission(Scrape after) {
        assertThat(
                        after.of(
                                "apiserver_admission_controller_admission_duration_seconds_count{name=\"NamespaceLifecycle\",operation=\"CREATE\",rejected=\"false\",type=\"admit\"}"))
                .isGreaterThanOrEqualTo(3);
        assertThat(
                        after.of(
                                "apiserver_admission_step_admission_duration_seconds_count{operation=\"CREATE\",rejected=\"true\",type=\"validate\"}"))
                .isGreaterThanOrEqualTo(1);
        assertThat(
                        after.of(
                                "apiserver_admission_webhook_rejection_count{error_type=\"calling_webhook_error\",name=\"hook.example.com\",operation=\"CREATE\",rejection_code=\"503\",type=\"validating\"}"))
                .isGreaterThanOrEqualTo(1);
        assertThat(after.of(
                        "apiserver_admission_webhook_fail_open_count{name=\"hook.example.com\",type=\"validating\"}"))
                .isGreaterThanOrEqualTo(1);
    }

    private static void background(Scrape after) {
        for (String queue : List.of(
                "APIServiceRegistrationController",
                "RemoteAvailabilityController",
                "autoregister",
                "legacy_token_tracking_controller",
                "priority_and_fairness_config_queue")) {
            String of = "{name=\"" + queue + "\"}";
            assertThat(after.of("workqueue_adds_total" + of)).as(queue).isPositive();
            assertThat(after.of("workqueue_work_duration_seconds_count" + of))
                    .as(queue)
                    .isPositive();
            assertThat(after.text()).contains("\nworkqueue_depth" + of + " ");
        }
        assertThat(after.of("rest_client_requests_total{code=\"<error>\",host=\"127.0.0.1:1\",method=\"POST\"}"))
                .isPositive();
        assertThat(after.of("rest_client_request_duration_seconds_count{host=\"127.0.0.1:1\",verb=\"POST\"}"))
                .isPositive();
        after.declares("workqueue_longest_running_processor_seconds", "gauge", "[BETA] ");
        after.declares("rest_client_requests_total", "counter", "[ALPHA] ");
    }

    private static void names(Scrape scrape) {
        for (String stable : List.of("apiserver_request_total counter", "apiserver_current_inflight_requests gauge")) {
            scrape.declares(stable.split(" ", 2)[0], stable.split(" ", 2)[1], "[STABLE] ");
        }
        scrape.declares("apiserver_storage_objects", "gauge", "[STABLE] (Deprecated since 1.34.0) ");
        scrape.declares("etcd_request_duration_seconds", "histogram", "[ALPHA] ");
        scrape.declares("authenticated_user_requests", "counter", "[ALPHA] ");
        scrape.declares("apiserver_audit_event_total", "counter", "[ALPHA] ");
        scrape.declares("apiserver_tls_handshake_errors_total", "counter", "[ALPHA] ");
        scrape.declares("aggregator_unavailable_apiservice", "gauge", "[ALPHA] ");
        scrape.declares("kubernetes_build_info", "gauge", "[BETA] ");
        scrape.declares("process_cpu_seconds_total", "counter", "Total user and system CPU time");
        scrape.declares("jvm_memory_used_bytes", "gauge", "The amount of used memory");
        assertThat(scrape.of("jvm_threads_live_threads")).isPositive();
        assertThat(scrape.of("aggregator_unavailable_apiservice{name=\"v1.apps\"}"))
                .isZero();
        assertThat(scrape.of("apiserver_request_filter_duration_seconds_count{filter=\"authorization\"}"))
                .isPositive();
    }

    /** Whoever makes names up must not be able to fill the server's memory with them. */
    private static void theUnknownGetsNoSeries(ApiServerFixture fixture) throws Exception {
        fixture.send("GET", "/apis/made-up.example.com/v1/things", "");
        fixture.send("GET", "/api/v1/made-up-things", "");
        fixture.send("GET", MAPS + "/x/made-up", "");
        assertThat(Scrape.of(fixture).text()).doesNotContain("made-up");
    }

    private static void brokenHandshakesAreCounted(ApiServerFixture fixture) throws Exception {
        String url = fixture.url();
        int port = Integer.parseInt(url.substring(url.lastIndexOf(':') + 1));
        try (var plain = new Socket(InetAddress.getLoopbackAddress(), port)) {
            plain.getOutputStream().write("this is no TLS\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            plain.getInputStream().readAllBytes();
        }
        assertThat(Scrape.of(fixture).of("apiserver_tls_handshake_errors_total"))
                .isEqualTo(1);
    }
}
