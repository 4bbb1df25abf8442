package io.pilothouse.apiserver.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.codec.Json;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StoredObjectTest {
    private static StoredObject configMap(String data) {
        var object = (ObjectNode) Json.tree("""
                {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a", "namespace": "default", "labels": {"color": "red"}}}""".getBytes(StandardCharsets.UTF_8));
        object.putObject("data").put("text", data);
        return StoredObject.of(object, 42, Optional.empty());
    }

    @Test
    void onePackedStillHasAllOfIt() {
        var object = configMap("some text ".repeat(1000));
        byte[] before = object.tail();
        var tree = object.toNode("ConfigMap");
        object.pack();
        assertThat(object.tail()).isEqualTo(before).isNotSameAs(before);
        assertThat(object.toNode("ConfigMap")).isEqualTo(tree);
        assertThat(object.metadata().path("resourceVersion").asText()).isEqualTo("42");
        assertThat(object.labels()).containsEntry("color", "red");
        assertThat(object.atRevision(43)
                        .toNode("ConfigMap")
                        .at("/metadata/resourceVersion")
                        .asText())
                .isEqualTo("43");
        object.pack();
        assertThat(object.tail()).isEqualTo(before);
    }

    @Test
    void itsOtherFormsAreMadeAnew() {
        var object = configMap("some text ".repeat(1000));
        var by = new Object();
        object.messageFor(by, () -> new byte[] {1});
        object.pack();
        assertThat(object.messageFor(by, () -> new byte[] {2})).containsExactly(2);
    }

    @Test
    void whatItsDeletionIsToldAsIsPackedWithIt() {
        var object = configMap("some text ".repeat(1000));
        var told = object.atRevision(43);
        byte[] before = told.tail();
        object.pack();
        assertThat(object.atRevision(43)).isSameAs(told);
        assertThat(told.tail()).isEqualTo(before).isNotSameAs(before);
    }

    @Test
    void aSmallOneAndOneThatCannotBePackedStayAsTheyAre() {
        var small = configMap("text");
        byte[] before = small.tail();
        small.pack();
        assertThat(small.tail()).isSameAs(before);
        byte[] noise = new byte[3000];
        new Random(5).nextBytes(noise);
        var random = new StringBuilder();
        for (byte one : noise) {
            random.append((char) (' ' + Math.floorMod(one, 95)));
        }
        var dense = configMap(random.toString());
        before = dense.tail();
        dense.pack();
        assertThat(dense.tail()).isSameAs(before);
    }
}
