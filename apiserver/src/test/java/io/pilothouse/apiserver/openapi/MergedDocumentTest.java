package io.pilothouse.apiserver.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.codec.Json;
import io.pilothouse.machinery.meta.GroupVersion;
import org.junit.jupiter.api.Test;

class MergedDocumentTest {
    @Test
    void takesThePathsOfTheVersionAndWhatTheyNeed() {
        var document = (ObjectNode) Json.tree("{\"paths\":{},\"definitions\":{\"a.Thing\":{\"type\":\"string\"}}}");
        var other = (ObjectNode) Json.tree("""
            {"paths":{"/apis/g/v1/things":{"get":{"parameters":[{"$ref":"#/parameters/p"}],
              "responses":{"200":{"schema":{"$ref":"#/definitions/a.Thing"}}}}},"/apis/g/v2/things":{}},
             "parameters":{"p":{"name":"p","in":"query"}},
             "definitions":{"a.Thing":{"properties":{"b":{"$ref":"#/definitions/b.Part"}}},"b.Part":{},"c.Unused":{}}}""");
        MergedDocument.add(document, other, new GroupVersion("g", "v1"));
        assertThat(document).isEqualTo(Json.tree("""
            {"paths":{"/apis/g/v1/things":{"get":{"parameters":[{"name":"p","in":"query"}],
              "responses":{"200":{"schema":{"$ref":"#/definitions/a.Thing_v2"}}}}}},
             "definitions":{"a.Thing":{"type":"string"},"a.Thing_v2":{"properties":{"b":{"$ref":"#/definitions/b.Part"}}},"b.Part":{}}}"""));
    }
}
