package io.pilothouse.apiserver.pods;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.codec.Json;
import io.pilothouse.machinery.status.StatusException;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class DisruptionBudgetsTest {
    private static final Instant NOW = Instant.parse("2026-01-02T03:04:05Z");

    @Test
    void theLastDisruptionTurnsTheConditionOff() {
        var budget = budget("""
                {"observedGeneration": 1, "disruptionsAllowed": 1, "conditions": [
                 {"type": "DisruptionAllowed", "status": "True", "reason": "SufficientPods", "lastTransitionTime": "2020-01-01T00:00:00Z"}]}""");
        var status = DisruptionBudgets.take(budget, "p", NOW).path("status");
        assertThat(status.path("disruptionsAllowed").asInt()).isZero();
        assertThat(status.path("disruptedPods").path("p").asText()).isEqualTo("2026-01-02T03:04:05Z");
        assertThat(status.path("conditions")).hasSize(1);
        var condition = status.path("conditions").get(0);
        assertThat(condition.path("status").asText()).isEqualTo("False");
        assertThat(condition.path("reason").asText()).isEqualTo("InsufficientPods");
        assertThat(condition.path("observedGeneration").asInt()).isEqualTo(1);
        assertThat(condition.path("lastTransitionTime").asText()).isEqualTo("2026-01-02T03:04:05Z");
    }

    @Test
    void saysWhyNoDisruptionIsAllowed() {
        assertThat(cause("""
                {"observedGeneration": 1, "currentHealthy": 1, "desiredHealthy": 2}""")).isEqualTo("The disruption budget b needs 2 healthy pods and has 1 currently");
        assertThat(cause("""
                {"observedGeneration": 1, "currentHealthy": 1, "desiredHealthy": 2, "conditions": [
                 {"type": "DisruptionAllowed", "status": "False", "reason": "SyncFailed", "message": "no scale"}]}"""))
                .isEqualTo(
                        "The disruption budget b does not allow evicting pods currently because it failed sync: no scale");
        assertThat(cause("""
                {"observedGeneration": 1, "currentHealthy": 3, "desiredHealthy": 2, "conditions": [
                 {"type": "DisruptionAllowed", "status": "False", "reason": "Why", "message": "so"}]}""")).isEqualTo("The disruption budget b does not allow evicting pods currently (Why): so");
        assertThat(cause("""
                {"observedGeneration": 1, "currentHealthy": 3, "desiredHealthy": 2}""")).isEqualTo("The disruption budget b does not allow evicting pods currently");
    }

    @Test
    void refusesWhatCannotBeTrusted() {
        assertThat(refusal("{}").status().details().causes().getFirst().message())
                .isEqualTo("The disruption budget b is still being processed by the server.");
        assertThat(refusal("{\"observedGeneration\": 1, \"disruptionsAllowed\": -1}"))
                .hasMessage("poddisruptionbudget.policy \"b\" is forbidden: pdb disruptions allowed is negative");
    }

    private static String cause(String status) {
        var refusal = refusal(status);
        assertThat(refusal.code()).isEqualTo(429);
        assertThat(refusal.status().details().retryAfterSeconds()).isZero();
        return refusal.status().details().causes().getFirst().message();
    }

    private static StatusException refusal(String status) {
        return catchThrowableOfType(StatusException.class, () -> DisruptionBudgets.take(budget(status), "p", NOW));
    }

    private static ObjectNode budget(String status) {
        return (ObjectNode)
                Json.tree("{\"metadata\": {\"name\": \"b\", \"generation\": 1}, \"status\": " + status + "}");
    }
}
