package io.pilothouse.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.ServedVersion;
import io.pilothouse.machinery.codec.Json;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.meta.GroupVersionKind;
import io.pilothouse.machinery.schema.BuiltInTypes;
import java.util.List;
import org.junit.jupiter.api.Test;

class MetadataValidationTest {
    private static final GroupVersionKind KIND = new GroupVersionKind("", "v1", "ConfigMap");
    private static final ResourceDefinition CONFIG_MAPS = ResourceDefinition.of(
                    "", "configmaps", "configmap", "ConfigMap")
            .version(ServedVersion.same(KIND, BuiltInTypes.load().type(KIND).orElseThrow()))
            .build();

    @Test
    void tellsOfAChangedUidTwiceAsUpstreamDoes() {
        var errors =
                MetadataValidation.validateUpdate(object("\"uid\":\"two\""), object("\"uid\":\"one\""), CONFIG_MAPS);
        assertThat(errors).extracting(FieldError::field).containsExactly("metadata.uid", "metadata.uid");
    }

    @Test
    void wantsADomainOfFinalizersThatNobodyKnows() {
        assertThat(texts(MetadataValidation.validate(object("\"finalizers\":[\"orphan\",\"mine\"]"), CONFIG_MAPS)))
                .containsExactly(
                        "metadata.finalizers[1]: Invalid value: \"mine\": name is neither a standard finalizer name nor"
                                + " is it fully qualified");
    }

    @Test
    void readsOwnersAsGroupsAndVersions() {
        String owners = "\"ownerReferences\":[{\"apiVersion\":\"a/b/c\",\"kind\":\"K\",\"name\":\"n\",\"uid\":\"u\"}]";
        assertThat(texts(MetadataValidation.validate(object(owners), CONFIG_MAPS)))
                .containsExactly(
                        "metadata.ownerReferences.apiVersion: Invalid value: \"a/b/c\": version must not be empty");
    }

    private static List<String> texts(List<FieldError> errors) {
        return errors.stream().map(e -> e.field() + ": " + e.body()).toList();
    }

    private static ObjectNode object(String metadata) {
        return (ObjectNode) Json.tree("{\"metadata\":{\"name\":\"a\",\"namespace\":\"n\"," + metadata + "}}");
    }
}
