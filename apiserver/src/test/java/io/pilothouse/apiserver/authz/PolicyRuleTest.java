package io.pilothouse.apiserver.authz;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class PolicyRuleTest {
    @Test
    void rulesThatDifferByVerbAloneAreToldAsOne() {
        var missing = RuleCover.missing(
                List.of(rule(List.of("get"), List.of("configmaps"), List.of())),
                List.of(
                        rule(List.of("get", "list"), List.of("configmaps", "secrets"), List.of()),
                        rule(List.of("get"), List.of("pods"), List.of("a", "b"))));

        assertThat(PolicyRule.compact(missing))
                .extracting(PolicyRule::describe)
                .containsExactly(
                        "{APIGroups:[\"\"], Resources:[\"configmaps\"], Verbs:[\"list\"]}",
                        "{APIGroups:[\"\"], Resources:[\"secrets\"], Verbs:[\"get\" \"list\"]}",
                        "{APIGroups:[\"\"], Resources:[\"pods\"], ResourceNames:[\"a\"], Verbs:[\"get\"]}",
                        "{APIGroups:[\"\"], Resources:[\"pods\"], ResourceNames:[\"b\"], Verbs:[\"get\"]}");
    }

    private static PolicyRule rule(List<String> verbs, List<String> resources, List<String> names) {
        return new PolicyRule(verbs, List.of(""), resources, names, List.of());
    }
}
