package io.pilothouse.controllers.autoscaler;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.autoscaling.v2.CrossVersionObjectReference;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.RequestConfigBuilder;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.pilothouse.controllers.discovery.ServedKind;
import io.pilothouse.controllers.objects.Requests;
import io.pilothouse.controllers.scale.Scales;
import io.pilothouse.machinery.quantity.Quantity;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The metrics APIs that aggregated servers serve: metrics.k8s.io, custom.metrics.k8s.io and external.metrics.k8s.io. */
final class RestMetrics implements Metrics {
    private static final String CUSTOM = "custom.metrics.k8s.io";
    private static final String EXTERNAL = "external.metrics.k8s.io";
    private static final Duration DEFAULT_WINDOW = Duration.ofMinutes(1);

    private final KubernetesClient client;
    /** Does not try again: the next round comes soon. */
    private final HttpClient http;

    private final Scales scales;

    RestMetrics(KubernetesClient client, Scales scales) {
        this.client = client;
        this.http = client.getHttpClient()
                .newBuilder()
                .tag(new RequestConfigBuilder().withRequestRetryBackoffLimit(0).build())
                .build();
        this.scales = scales;
    }

    @Override
    public Map<String, Sample> resource(String namespace, String resource, String selector, String container)
            throws MetricException {
        var items = items(
                "resource",
                "/apis/metrics.k8s.io/v1beta1/namespaces/" + namespace + "/pods" + query("labelSelector", selector),
                "pods.metrics.k8s.io");
        Map<String, Sample> out = new HashMap<>();
        for (JsonNode pod : items) {
            long sum = 0;
            int found = 0;
            int wanted = container.isEmpty() ? pod.path("containers").size() : 1;
            for (JsonNode each : pod.path("containers")) {
                JsonNode usage = each.path("usage").path(resource);
                boolean chosen =
                        container.isEmpty() || each.path("name").asText().equals(container);
                if (chosen && usage.isValueNode()) {
                    sum += milli(usage);
                    found++;
                }
            }
            if (found > 0 && found == wanted) {
                out.put(
                        pod.path("metadata").path("name").asText(),
                        new Sample(at(pod), GoDuration.parse(pod.path("window").asText()), sum));
            }
        }
        return out;
    }

    @Override
    public Map<String, Sample> pods(String namespace, String metric, String selector, String metricSelector)
            throws MetricException {
        var items = items(
                "custom",
                customRoot() + "/namespaces/" + namespace + "/pods/*/" + metric
                        + query("labelSelector", selector, "metricLabelSelector", metricSelector),
                "pods." + CUSTOM + " *");
        Map<String, Sample> out = new HashMap<>();
        for (JsonNode item : items) {
            var window = item.path(item.has("windowSeconds") ? "windowSeconds" : "window");
            out.put(
                    item.path("describedObject").path("name").asText(),
                    new Sample(
                            at(item),
                            window.isNumber() ? Duration.ofSeconds(window.asLong()) : DEFAULT_WINDOW,
                            milli(item.path("value"))));
        }
        return out;
    }

    @Override
    public long object(String namespace, CrossVersionObjectReference object, String metric, String metricSelector)
            throws MetricException {
        String version = object.getApiVersion() == null ? "" : object.getApiVersion();
        String root = customRoot() + "/namespaces/" + namespace + "/";
        String path;
        String what;
        if (object.getKind().equals("Namespace") && Scales.group(version).isEmpty()) {
            path = root + "metrics/" + metric;
            what = "metrics." + CUSTOM + " " + metric;
        } else {
            String resource = resource(version, object.getKind());
            path = root + resource + "/" + object.getName() + "/" + metric;
            what = resource + "." + CUSTOM + " " + object.getName();
        }
        try {
            var items = read(path + query("metricLabelSelector", metricSelector), what);
            if (items.size() != 1) {
                throw new MetricException("the custom metrics API server returned " + items.size()
                        + " results when we asked for exactly one");
            }
            return milli(items.getFirst().path("value"));
        } catch (MetricException e) {
            throw e.at("unable to fetch metrics from custom metrics API");
        }
    }

    private String resource(String apiVersion, String kind) throws MetricException {
        String group = Scales.group(apiVersion);
        String named = group.isEmpty() ? kind : kind + "." + group;
        ServedKind served = scales.kind(apiVersion, kind)
                .orElseThrow(() -> new MetricException(
                        "unable to fetch metrics from custom metrics API: unable to map kind " + named
                                + " to resource: no matches for kind \"" + kind + "\" in group \"" + group + "\""));
        return served.group().isEmpty() ? served.plural() : served.plural() + "." + served.group();
    }

    @Override
    public List<Long> external(String namespace, String metric, String metricSelector) throws MetricException {
        List<Long> out = new ArrayList<>();
        for (JsonNode item : items(
                "external",
                "/apis/" + EXTERNAL + "/v1beta1/namespaces/" + namespace + "/" + metric
                        + query("labelSelector", metricSelector),
                metric + "." + EXTERNAL)) {
            out.add(milli(item.path("value")));
        }
        return out;
    }

    /** The version of custom metrics that the cluster prefers. */
    private String customRoot() throws MetricException {
        var group = client.getApiGroups().getGroups().stream()
                .filter(each -> each.getName().equals(CUSTOM))
                .findFirst()
                .orElseThrow(() ->
                        new MetricException("unable to fetch metrics from custom metrics API: no custom metrics API ("
                                + CUSTOM + ") registered"));
        return "/apis/" + group.getPreferredVersion().getGroupVersion();
    }

    private List<JsonNode> items(String api, String path, String what) throws MetricException {
        List<JsonNode> items;
        try {
            items = read(path, what);
        } catch (MetricException e) {
            throw e.at("unable to fetch metrics from " + api + " metrics API");
        }
        if (items.isEmpty()) {
            throw new MetricException("no metrics returned from " + api + " metrics API");
        }
        return items;
    }

    private List<JsonNode> read(String path, String what) throws MetricException {
        try {
            var body = client.getKubernetesSerialization().unmarshal(Requests.get(client, http, path), JsonNode.class);
            List<JsonNode> out = new ArrayList<>();
            body.path("items").forEach(out::add);
            return out;
        } catch (KubernetesClientException e) {
            throw new MetricException(words(e, what));
        }
    }

    /** What Go's client says where the server's answer is no status. */
    private static String words(KubernetesClientException refused, String what) {
        if (refused.getStatus() != null && refused.getStatus().getMessage() != null) {
            return refused.getStatus().getMessage();
        }
        return switch (refused.getCode()) {
            case 404 -> "the server could not find the requested resource (get " + what + ")";
            case 503 -> "the server is currently unable to handle the request (get " + what + ")";
            default -> String.valueOf(refused.getMessage());
        };
    }

    private static Instant at(JsonNode item) {
        String text = item.path("timestamp").asText("");
        return text.isEmpty() ? Instant.EPOCH : Instant.parse(text);
    }

    private static long milli(JsonNode quantity) {
        return Quantity.parse(quantity.asText("0")).toMilli();
    }

    private static String query(String... pairs) {
        var out = new StringBuilder();
        for (int i = 0; i < pairs.length; i += 2) {
            if (!pairs[i + 1].isEmpty()) {
                out.append(out.isEmpty() ? '?' : '&')
                        .append(pairs[i])
                        .append('=')
                        .append(URLEncoder.encode(pairs[i + 1], StandardCharsets.UTF_8));
            }
        }
        return out.toString();
    }
}
