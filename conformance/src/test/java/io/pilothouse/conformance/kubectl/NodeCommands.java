package io.pilothouse.conformance.kubectl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;

/** Commands about nodes; the deployment {@code web} of {@link WorkloadCommands} runs. */
record NodeCommands(Terminal terminal) {
    Stream<DynamicTest> tests() {
        return Stream.of(
                dynamicTest("taint", this::taint),
                dynamicTest("cordon", this::cordon),
                dynamicTest("drain", this::drain));
    }

    private void taint() {
        assertThat(terminal.succeeds("kubectl taint nodes node-b dedicated=tests:NoSchedule"))
                .isEqualTo("node/node-b tainted");
        assertThat(terminal.succeeds(
                        "kubectl get node node-b -o jsonpath='{.spec.taints[?(@.key==\"dedicated\")].value}'"))
                .isEqualTo("tests");
        assertThat(terminal.fails(1, "kubectl taint nodes node-b dedicated=other:NoSchedule"))
                .contains("already has dedicated taint(s) with same effect(s) and --overwrite is false");
        assertThat(terminal.succeeds("kubectl taint nodes node-b dedicated-")).isEqualTo("node/node-b untainted");
    }

    private void cordon() {
        assertThat(terminal.succeeds("kubectl cordon node-b")).isEqualTo("node/node-b cordoned");
        assertThat(terminal.succeeds("kubectl cordon node-b")).isEqualTo("node/node-b already cordoned");
        assertThat(terminal.succeeds("kubectl get node node-b --no-headers"))
                .containsPattern("node-b +Ready,SchedulingDisabled ");
        assertThat(terminal.succeeds("kubectl uncordon node-b")).isEqualTo("node/node-b uncordoned");
    }

    private void drain() {
        terminal.succeeds("kubectl run alone --image=example.test/alone:1 --overrides='"
                + "{\"spec\":{\"nodeName\":\"node-b\",\"terminationGracePeriodSeconds\":1}}'"
                + " && kubectl wait --for=condition=Ready pod/alone --timeout=30s");
        assertThat(terminal.fails(1, "kubectl drain node-b --timeout=30s"))
                .contains("cannot delete")
                .contains("/alone");
        assertThat(terminal.succeeds("kubectl drain node-b --force --ignore-daemonsets --timeout=40s 2>&1"))
                .contains("pod/alone evicted")
                .endsWith("node/node-b drained");
        assertThat(terminal.succeeds("kubectl get pods --field-selector=spec.nodeName=node-b -o name"))
                .isEmpty();
        terminal.succeeds("kubectl uncordon node-b");
        terminal.succeeds("kubectl rollout status deployment/web --timeout=30s");
    }
}
