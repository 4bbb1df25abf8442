package io.pilothouse.apiserver.endpoint;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.codec.Json;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

class OwnerReferencesTest {
    @Test
    void keepsAnOwnerOnce() {
        String owner = "{\"apiVersion\":\"v1\",\"kind\":\"Pod\",\"name\":\"p\",\"uid\":\"1\"}";
        var object = (ObjectNode) Json.tree("{\"metadata\":{\"ownerReferences\":[" + owner + "," + owner + "]}}");
        var warnings = new ArrayList<String>();
        OwnerReferences.dedup(object, false, warnings::add);
        OwnerReferences.dedup(object, true, warnings::add);
        assertThat(object.at("/metadata/ownerReferences")).hasSize(1);
        assertThat(warnings).hasSize(1).first().asString().endsWith("duplicate UID(s) observed: 1");
    }
}
