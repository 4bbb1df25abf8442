package io.pilothouse.apiserver.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.codec.Json;
import io.pilothouse.machinery.schema.OpenApi;
import org.junit.jupiter.api.Test;

class PublishedSchemaTest {
    private static JsonNode published(OpenApi.Version version, String schema) {
        return new PublishedSchema(version, embedded -> embedded.put("seen", true)).of((ObjectNode) Json.tree(schema));
    }

    @Test
    void version2LeavesOutWhatOldClientsCannotRead() {
        assertThat(published(OpenApi.Version.V2, """
            {"type":"object","required":["a","b"],"anyOf":[{"required":["a"]}],"properties":{
             "a":{"type":"string","nullable":true,"default":"x"},
             "b":{"type":"object","x-kubernetes-preserve-unknown-fields":true,"properties":{"c":{"type":"string"}}},
             "d":{"x-kubernetes-int-or-string":true}}}""")).isEqualTo(Json.tree("""
            {"type":"object","required":["b"],"properties":{"a":{},"b":{"x-kubernetes-preserve-unknown-fields":true},
             "d":{"x-kubernetes-int-or-string":true}}}"""));
    }

    @Test
    void version3SaysWhatIntOrStringMeans() {
        assertThat(published(OpenApi.Version.V3, "{\"x-kubernetes-int-or-string\":true,\"maxLength\":3}"))
                .isEqualTo(Json.tree("""
            {"x-kubernetes-int-or-string":true,"maxLength":3,"anyOf":[{"type":"integer"},{"type":"string"}]}"""));
        assertThat(published(OpenApi.Version.V3, "{\"x-kubernetes-int-or-string\":true,\"anyOf\":[{\"minimum\":1}]}"))
                .isEqualTo(Json.tree("""
            {"x-kubernetes-int-or-string":true,"anyOf":[{"minimum":1}],
             "allOf":[{"anyOf":[{"type":"integer"},{"type":"string"}]}]}"""));
    }

    @Test
    void embeddedObjectsAreCompleted() {
        String schema = "{\"type\":\"object\",\"x-kubernetes-embedded-resource\":true}";
        assertThat(published(OpenApi.Version.V3, schema).path("seen").asBoolean())
                .isTrue();
        String open = "{\"x-kubernetes-embedded-resource\":true,\"x-kubernetes-preserve-unknown-fields\":true}";
        assertThat(published(OpenApi.Version.V2, open).has("seen")).isFalse();
    }
}
