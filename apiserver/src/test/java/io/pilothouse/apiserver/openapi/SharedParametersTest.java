package io.pilothouse.apiserver.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.codec.Json;
import org.junit.jupiter.api.Test;

class SharedParametersTest {
    private static ObjectNode document() {
        return (ObjectNode) Json.tree("""
            {"paths":{"/logs/{logpath}":{"parameters":[
              {"uniqueItems":true,"type":"string","description":"path to the log","name":"logpath","in":"path","required":true}],
             "get":{"parameters":[{"uniqueItems":true,"type":"string","name":"dryRun","in":"query"},
              {"name":"body","in":"body","schema":{"$ref":"#/definitions/io.k8s.api.core.v1.Pod"}},
              {"in":"body","name":"body","schema":{"$ref":"#/definitions/io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions"}}]}}}}""");
    }

    @Test
    void namesAsUpstreamDoes() {
        var document = document();
        SharedParameters.extract(document);
        assertThat(document.path("parameters").properties())
                .extracting(java.util.Map.Entry::getKey)
                .containsExactly("body-2Y1dVQaQ", "logpath-Noq7euwC");
        assertThat(document.path("paths").path("/logs/{logpath}").path("parameters"))
                .isEqualTo(Json.tree("[{\"$ref\":\"#/parameters/logpath-Noq7euwC\"}]"));
    }

    @Test
    void leavesWhatOldClientsLookForAndWhatIsOfOneKind() {
        var document = document();
        SharedParameters.extract(document);
        var left = document.path("paths").path("/logs/{logpath}").path("get").path("parameters");
        assertThat(left.get(0).path("name").asText()).isEqualTo("dryRun");
        assertThat(left.get(1).path("name").asText()).isEqualTo("body");
        assertThat(left.get(2).path("$ref").asText()).isEqualTo("#/parameters/body-2Y1dVQaQ");
    }
}
