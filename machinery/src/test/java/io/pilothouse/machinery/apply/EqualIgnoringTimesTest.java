package io.pilothouse.machinery.apply;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.codec.Json;
import org.junit.jupiter.api.Test;

class EqualIgnoringTimesTest {
    @Test
    void looksPastTheTimesAlone() {
        assertThat(same(object("1", "x", "\"time\":\"t1\","), object("1", "x", "\"time\":\"t2\",")))
                .isTrue();
        assertThat(same(object("1", "x", ""), object("1", "x", "\"time\":\"t2\",")))
                .isTrue();
        assertThat(same(object("1", "x", ""), object("1", "y", ""))).isFalse();
        assertThat(same(object("1", "x", ""), object("2", "x", ""))).isFalse();
        assertThat(same(object("1", "x", ""), (ObjectNode) Json.tree("{\"metadata\":{},\"data\":\"1\"}")))
                .isFalse();
    }

    private static boolean same(ObjectNode a, ObjectNode b) {
        return ManagedFields.equalIgnoringTimes(a, b);
    }

    private static ObjectNode object(String data, String manager, String time) {
        return (ObjectNode) Json.tree("{\"metadata\":{\"managedFields\":[{" + time + "\"manager\":\"" + manager
                + "\"}]},\"data\":\"" + data + "\"}");
    }
}
