package io.pilothouse.machinery.codec;

import static org.assertj.core.api.Assertions.assertThat;

import io.pilothouse.machinery.meta.GroupVersionKind;
import io.pilothouse.machinery.schema.BuiltInTypes;
import io.pilothouse.machinery.schema.TypeSchema;
import org.junit.jupiter.api.Test;

class StructProblemsTest {
    private static final TypeSchema DEPLOYMENT = BuiltInTypes.load()
            .type(new GroupVersionKind("apps", "v1", "Deployment"))
            .orElseThrow();

    @Test
    void usesTheConvertersWords() {
        assertThat(problem("{\"spec\":{\"replicas\":\"x\"}}")).isEqualTo("unrecognized type: int32");
        assertThat(problem("{\"spec\":{\"replicas\":1.5}}")).isEqualTo("cannot convert float64 to int32");
        assertThat(problem("{\"spec\":{\"template\":\"x\"}}")).isEqualTo("cannot restore struct from: string");
        assertThat(problem("{\"spec\":{\"template\":{\"spec\":{\"containers\":{\"name\":\"c\"}}}}}"))
                .isEqualTo("cannot restore slice from map");
        assertThat(problem("{\"metadata\":{\"labels\":{\"a\":1}}}")).isEqualTo("cannot convert int64 to string");
    }

    @Test
    void findsNothingInWhatFits() {
        assertThat(StructProblems.find(Json.tree("{\"spec\":{\"replicas\":1.0,\"template\":null}}"), DEPLOYMENT))
                .isEmpty();
    }

    private static String problem(String json) {
        return StructProblems.find(Json.tree(json), DEPLOYMENT).orElseThrow();
    }
}
