package io.pilothouse.apiserver.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The pages that tell of the server itself. */
class ServerPagesIT {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final String ASKED = "application/json;v=%s;g=config.k8s.io;as=%s";

    @TempDir
    Path directory;

    @Test
    void tellsOfItself() throws Exception {
        try (var fixture = new ApiServerFixture(directory, "--request-timeout=90s")) {
            checks(fixture);
            flags(fixture);
            status(fixture);
            indicators(fixture);
        }
    }

    private static void checks(ApiServerFixture fixture) throws Exception {
        var ready = fixture.send("GET", "/readyz?verbose", "").body().lines().toList();
        assertThat(ready).startsWith("[+]ping ok", "[+]log ok", "[+]informer-sync ok");
        assertThat(ready).endsWith("[+]shutdown ok", "readyz check passed");
        assertThat(ready)
                .containsSubsequence(
                        "[+]poststarthook/crd-informer-synced ok",
                        "[+]poststarthook/start-system-namespaces-controller ok",
                        "[+]poststarthook/rbac/bootstrap-roles ok",
                        "[+]poststarthook/kube-apiserver-autoregistration ok",
                        "[+]autoregister-completion ok",
                        "[+]poststarthook/apiservice-openapi-controller ok");
        // There is no certificate to show to other servers that could be read again.
        assertThat(ready).noneMatch(line -> line.contains("aggregator-reload-proxy-client-cert"));
        var live = fixture.send("GET", "/livez?verbose&exclude=etcd&exclude=b&exclude=a", "")
                .body();
        assertThat(live)
                .contains("[+]loopback-serving-certificate ok\n[+]etcd excluded: ok\n")
                .contains("warn: some health checks cannot be excluded: no matches for \"a\",\"b\"\n");
        assertThat(fixture.send("GET", "/healthz/poststarthook/rbac/bootstrap-roles", "")
                        .body())
                .isEqualTo("ok");
        assertThat(fixture.send("GET", "/livez/poststarthook/nosuch", "").statusCode())
                .isEqualTo(404);
        assertThat(fixture.send("GET", "/readyz/etcd", "").statusCode()).isEqualTo(404);
    }

    private static void flags(ApiServerFixture fixture) throws Exception {
        var text = fixture.send("GET", "/flagz", "", "Accept", "*/*");
        assertThat(text.headers().firstValue("content-type")).contains("text/plain; charset=utf-8");
        assertThat(text.body())
                .startsWith("\napiserver flagz\nWarning: This endpoint is not meant to be machine parseable")
                .containsPattern("\nauthorization-mode(:|: |=| )\\[Node,RBAC]\n")
                .containsPattern("\nrequest-timeout(:|: |=| )1m30s\n");
        var object = fixture.send("GET", "/flagz", "", "Accept", ASKED.formatted("v1beta1", "Flagz"));
        assertThat(object.headers().firstValue("content-type")).contains("application/json");
        assertThat(object.body())
                .startsWith(
                        "{\"kind\":\"Flagz\",\"apiVersion\":\"config.k8s.io/v1beta1\",\"metadata\":{\"name\":\"apiserver\"},\"flags\":{");
        assertThat(JSON.readTree(object.body()).at("/flags/secure-port").asText())
                .isEqualTo("0");
        var bare = fixture.send("GET", "/flagz", "", "Accept", "application/json");
        assertThat(bare.statusCode()).isEqualTo(406);
        assertThat(bare.body())
                .contains(
                        "only the following media types are accepted: application/json, application/yaml, text/plain");
    }

    private static void status(ApiServerFixture fixture) throws Exception {
        assertThat(fixture.send("GET", "/statusz", "", "Accept", "text/plain").body())
                .startsWith("\napiserver statusz\nWarning: ")
                .containsPattern("\nUp(:|: |=| ) 0 hr [0-9]{2} min [0-9]{2} sec\n")
                .containsPattern("\nEmulation version(:|: |=| ) 1.36\n");
        var old = fixture.send("GET", "/statusz", "", "Accept", ASKED.formatted("v1alpha1", "Statusz"));
        assertThat(old.headers().allValues("warning"))
                .containsExactly(
                        "299 - \"This version of the statusz endpoint is deprecated. Please use a newer version.\"");
        assertThat(JSON.readTree(old.body()).path("paths").toString())
                .isEqualTo("[\"/flagz\",\"/healthz\",\"/livez\",\"/metrics\",\"/readyz\",\"/statusz\",\"/version\"]");
    }

    private static void indicators(ApiServerFixture fixture) throws Exception {
        String counted = "kubernetes_healthchecks_total{name=\"etcd\",status=\"success\",type=\"healthz\"} ";
        fixture.send("GET", "/healthz", "");
        fixture.send("GET", "/healthz", "");
        assertThat(fixture.send("GET", "/metrics/slis", "").body())
                .contains(
                        "# HELP kubernetes_healthcheck [STABLE] This metric records the result of a single healthcheck.")
                .contains("kubernetes_healthcheck{name=\"etcd\",type=\"healthz\"} 1\n")
                .contains(counted + "2\n");
        assertThat(fixture.send("DELETE", "/metrics/slis", "").body()).isEqualTo("metrics reset\n");
        assertThat(fixture.send("GET", "/metrics/slis", "").body()).contains(counted + "0\n");
        for (String path : List.of("/flagz", "/statusz", "/metrics/slis")) {
            assertThat(fixture.send("GET", path, "", "Authorization", "Bearer plain-token")
                            .statusCode())
                    .isEqualTo(403);
        }
    }
}
