package io.pilothouse.apiserver.aggregation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.codec.Json;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class AvailableConditionTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05.678Z");

    private static ObjectNode service(String conditions) {
        return (ObjectNode) Json.tree("{\"status\":{\"conditions\":" + conditions + "}}");
    }

    @Test
    void isAddedWithItsTime() {
        var object = AvailableCondition.PASSED.setIn((ObjectNode) Json.tree("{}"), NOW);
        assertThat(object)
                .isEqualTo(
                        service(
                                "[{\"type\":\"Available\",\"status\":\"True\",\"lastTransitionTime\":\"2026-01-02T03:04:05Z\",\"reason\":\"Passed\",\"message\":\"all checks passed\"}]"));
        assertThat(AvailableCondition.isTrue(object)).isTrue();
        assertThat(AvailableCondition.PASSED.isSaidBy(object)).isTrue();
    }

    @Test
    void keepsItsTimeWhileTheStatusIsTheSame() {
        var object = service(
                "[{\"type\":\"Available\",\"status\":\"False\",\"lastTransitionTime\":\"2020-01-01T00:00:00Z\",\"reason\":\"A\",\"message\":\"a\"}]");
        var other = AvailableCondition.unavailable("B", "b");
        assertThat(other.isSaidBy(object)).isFalse();
        var changed = other.setIn(object.deepCopy(), NOW).at("/status/conditions/0");
        assertThat(changed.path("lastTransitionTime").asText()).isEqualTo("2020-01-01T00:00:00Z");
        assertThat(changed.path("reason").asText()).isEqualTo("B");
        assertThat(AvailableCondition.PASSED
                        .setIn(object, NOW)
                        .at("/status/conditions/0/lastTransitionTime")
                        .asText())
                .isEqualTo("2026-01-02T03:04:05Z");
    }
}
