package io.pilothouse.machinery.quota;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.machinery.codec.Json;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class DeviceClaimUsageTest {
    private static final JsonNode FAST =
            tree("{'metadata':{'name':'fast'},'spec':{'extendedResourceName':'example.com/gpu'}}");
    private static final JsonNode PLAIN = tree("{'metadata':{'name':'plain'},'spec':{}}");
    private static final JsonNode POD = tree(
            "{'metadata':{'namespace':'n','name':'p','uid':'u'},'spec':{'containers':[{'name':'c','resources':{'requests':"
                    + "{'example.com/gpu':'2'}}}]}}");

    private final List<JsonNode> claims = new ArrayList<>();
    private final DeviceClaimUsage usage = new DeviceClaimUsage(
            new DeviceLookups() {
                @Override
                public List<JsonNode> classes() {
                    return List.of(FAST, PLAIN);
                }

                @Override
                public List<JsonNode> claims(String namespace) {
                    return claims;
                }

                @Override
                public Optional<JsonNode> pod(String namespace, String name) {
                    return name.equals("p") ? Optional.of(POD) : Optional.empty();
                }
            },
            new PodUsage(Clock.systemUTC()));

    private static JsonNode tree(String json) {
        return Json.tree(json.replace('\'', '"').getBytes(StandardCharsets.UTF_8));
    }

    private static JsonNode claim(String name, String metadata, String requests) {
        return tree("{'metadata':{'namespace':'n','name':'" + name + "'" + metadata
                + "},'spec':{'devices':{'requests':[" + requests + "]}}}");
    }

    private static String exactly(String deviceClass, int count) {
        return "{'name':'r','exactly':{'deviceClassName':'" + deviceClass + "','allocationMode':'ExactCount','count':"
                + count + "}}";
    }

    private static String ofPod(String created) {
        return ",'creationTimestamp':'" + created
                + "','annotations':{'resource.kubernetes.io/extended-resource-claim':'true'},"
                + "'ownerReferences':[{'apiVersion':'v1','kind':'Pod','name':'p','uid':'u','controller':true}]";
    }

    @Test
    void devicesCountByClassAndByTheExtendedResourceOfTheClass() {
        assertThat(Amounts.text(usage.usage(claim("c", "", exactly("fast", 3)))))
                .isEqualTo("count/resourceclaims.resource.k8s.io=1,fast.deviceclass.resource.k8s.io/devices=3,"
                        + "requests.deviceclass.resource.kubernetes.io/fast=3,requests.example.com/gpu=3");
    }

    @Test
    void alternativesCountAsTheMostOfEachClassAndAllAsTheMostThereMayBe() {
        String request = "{'name':'r','firstAvailable':["
                + "{'deviceClassName':'plain','allocationMode':'All'},{'deviceClassName':'plain','allocationMode':'ExactCount','count':2}]}";
        assertThat(Amounts.text(usage.usage(claim("c", "", request))))
                .isEqualTo("count/resourceclaims.resource.k8s.io=1,plain.deviceclass.resource.k8s.io/devices=32,"
                        + "requests.deviceclass.resource.kubernetes.io/plain=32");
    }

    @Test
    void whatItsPodCountsAClaimDoesNotCountAgain() {
        var first = claim("first", ofPod("2026-01-01T00:00:00Z"), exactly("fast", 2));
        var second = claim("second", ofPod("2026-01-01T00:00:01Z"), exactly("fast", 2));
        claims.add(first);
        claims.add(second);
        assertThat(usage.usage(first)).doesNotContainKey("requests.example.com/gpu");
        assertThat(usage.usage(second)).containsKey("requests.example.com/gpu");
    }

    @Test
    void limitsOnExtendedResourcesMatchWhereAClassStandsForThem() {
        assertThat(usage.matching(List.of(
                        "requests.example.com/gpu",
                        "requests.example.com/other",
                        "requests.deviceclass.resource.kubernetes.io/plain",
                        "fast.deviceclass.resource.k8s.io/devices",
                        "pods")))
                .containsExactly(
                        "fast.deviceclass.resource.k8s.io/devices",
                        "requests.deviceclass.resource.kubernetes.io/plain",
                        "requests.example.com/gpu");
    }
}
