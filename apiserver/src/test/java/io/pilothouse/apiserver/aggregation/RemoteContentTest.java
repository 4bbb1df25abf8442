package io.pilothouse.apiserver.aggregation;

import static org.assertj.core.api.Assertions.assertThat;

import io.pilothouse.machinery.codec.Json;
import io.pilothouse.machinery.meta.GroupVersion;
import org.junit.jupiter.api.Test;

class RemoteContentTest {
    @Test
    void readsAResourceListAsAggregatedDiscovery() {
        var list = Json.tree("""
            {"resources":[{"name":"pods/metrics","namespaced":true,"kind":"M","group":"x","version":"v2","verbs":["get"]},
             {"name":"pods","singularName":"pod","namespaced":true,"kind":"PodMetrics","verbs":["get","list"],"shortNames":["pm"]}]}""");
        assertThat(RemoteContent.resources(list, new GroupVersion("g", "v1")))
                .hasToString(
                        "[{\"resource\":\"pods\",\"responseKind\":{\"group\":\"g\",\"version\":\"v1\",\"kind\":\"PodMetrics\"},\"scope\":\"Namespaced\","
                                + "\"singularResource\":\"pod\",\"verbs\":[\"get\",\"list\"],\"shortNames\":[\"pm\"],\"subresources\":[{\"subresource\":\"metrics\","
                                + "\"responseKind\":{\"group\":\"x\",\"version\":\"v2\",\"kind\":\"M\"},\"verbs\":[\"get\"]}]}]");
    }
}
