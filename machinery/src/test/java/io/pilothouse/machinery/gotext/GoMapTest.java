package io.pilothouse.machinery.gotext;

import static org.assertj.core.api.Assertions.assertThat;

import io.pilothouse.machinery.codec.Json;
import org.junit.jupiter.api.Test;

class GoMapTest {
    @Test
    void printsAsGoPrints() {
        var tree = Json.tree("{\"b\":[1,\"x y\",{}],\"a\":{\"c\":null,\"d\":1.5},\"e\":true}");
        assertThat(GoMap.print(tree)).isEqualTo("map[a:map[c:<nil> d:1.5] b:[1 x y map[]] e:true]");
    }
}
