package io.pilothouse.controllers.autoscaler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PodRequestsTest {
    private static final KubernetesSerialization SERIALIZATION = new KubernetesSerialization();

    private static long of(String spec, String container, String resource) throws MetricException {
        Pod pod = SERIALIZATION.unmarshal("apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: " + spec, Pod.class);
        return new PodRequests(SERIALIZATION)
                .of(List.of(pod), container, resource)
                .get("p");
    }

    private static final String TWO =
            "{initContainers: [{name: side, restartPolicy: Always, resources: {requests: {cpu: 50m}}},"
                    + " {name: once, resources: {requests: {cpu: 9}}}],"
                    + " containers: [{name: a, resources: {requests: {cpu: 100m}}}, {name: b, resources: {requests: {cpu: 1}}}]}";

    @Test
    void containersAndSidecarsAddUp() throws MetricException {
        assertThat(of(TWO, "", "cpu")).isEqualTo(1150);
        assertThat(of(TWO, "b", "cpu")).isEqualTo(1000);
    }

    @Test
    void whatIsMissingIsNamed() {
        assertThatThrownBy(() -> of(TWO, "", "memory"))
                .hasMessage("missing request for memory in container a of Pod p");
        assertThatThrownBy(() -> of(TWO, "c", "cpu")).hasMessage("container c not found in Pod p");
    }

    @Test
    void whatThePodSaysItselfCounts() throws MetricException {
        String spec = "{resources: {requests: {cpu: 2}}, containers: [{name: a, resources: {requests: {cpu: 100m}}}]}";
        assertThat(of(spec, "", "cpu")).isEqualTo(2000);
        assertThat(of(spec, "a", "cpu")).isEqualTo(100);
        assertThatThrownBy(() -> of(spec, "", "memory")).hasMessage("missing pod-level request for memory in Pod p");
    }
}
