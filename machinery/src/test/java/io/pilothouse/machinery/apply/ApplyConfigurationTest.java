package io.pilothouse.machinery.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.codec.Json;
import io.pilothouse.machinery.meta.GroupVersionKind;
import io.pilothouse.machinery.schema.BuiltInTypes;
import io.pilothouse.machinery.schema.TypeSchema;
import org.junit.jupiter.api.Test;

final class ApplyConfigurationTest {
    private static final TypeSchema POD =
            BuiltInTypes.load().type(new GroupVersionKind("", "v1", "Pod")).orElseThrow();

    private static ObjectNode tree(String text) {
        return (ObjectNode) Json.tree(text.replace('\'', '"'));
    }

    @Test
    void keyedElementsAreMergedAndNewOnesAdded() {
        var merged = ApplyConfiguration.merge(
                tree("{'spec':{'containers':[{'name':'a','image':'x'}]}}"),
                tree("{'spec':{'containers':[{'name':'a','tty':true},{'name':'b'}]}}"),
                POD);
        assertThat(merged)
                .isEqualTo(tree("{'spec':{'containers':[{'name':'a','image':'x','tty':true},{'name':'b'}]}}"));
    }

    @Test
    void atomicListsMayNotBeReplaced() {
        assertThatThrownBy(() -> ApplyConfiguration.merge(
                        tree("{}"), tree("{'spec':{'containers':[{'name':'a','command':['x']}]}}"), POD))
                .hasMessage("invalid ApplyConfiguration: may not mutate atomic arrays, maps or structs: "
                        + ".spec.containers[0].command");
    }

    @Test
    void unknownFieldsAreRefused() {
        assertThatThrownBy(() -> ApplyConfiguration.merge(tree("{}"), tree("{'nope':1}"), POD))
                .hasMessage("failed to convert patch object to typed object: .nope: field not declared in schema");
    }
}
