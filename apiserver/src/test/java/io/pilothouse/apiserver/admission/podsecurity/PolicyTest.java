package io.pilothouse.apiserver.admission.podsecurity;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class PolicyTest {
    private static final Policy DEFAULTS =
            PodSecurityConfiguration.read(MissingNode.getInstance()).defaults();

    private static Policy.Read read(String... labels) {
        var map = new HashMap<String, String>();
        for (int i = 0; i < labels.length; i += 2) {
            map.put(Policy.PREFIX + labels[i], labels[i + 1]);
        }
        return Policy.read(map, DEFAULTS);
    }

    @Test
    void whatIsEnforcedIsWarnedOfToo() {
        var policy = read("enforce", "baseline", "enforce-version", "v1.20").policy();
        assertThat(policy.warn()).hasToString("baseline:v1.20");
        assertThat(policy.audit()).hasToString("privileged:latest");
    }

    @Test
    void anOwnWarningStays() {
        assertThat(read("enforce", "baseline", "warn", "privileged").policy().warn())
                .hasToString("privileged:latest");
        assertThat(read("enforce", "baseline", "warn-version", "v1.1").policy().warn())
                .hasToString("baseline:v1.1");
    }

    @Test
    void wrongLevelsFailClosedOnlyWhereTheyAreEnforced() {
        var read = read("enforce", "x", "audit", "y", "warn-version", "1.2");
        assertThat(read.policy().enforce()).hasToString("restricted:latest");
        assertThat(read.policy().audit()).hasToString("privileged:latest");
        assertThat(read.policy().warn()).hasToString("privileged:latest");
        assertThat(read.errors()).hasSize(3);
        assertThat(read.errors().getFirst().message())
                .isEqualTo("metadata.labels[pod-security.kubernetes.io/enforce]: Invalid value: \"x\": "
                        + "must be one of privileged, baseline, restricted");
    }

    @Test
    void noLabelsAreTheDefaults() {
        assertThat(Policy.read(Map.of(), DEFAULTS).policy().isFullyPrivileged()).isTrue();
    }
}
