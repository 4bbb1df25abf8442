package io.pilothouse.machinery.quota;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.machinery.codec.Json;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class PodResourcesTest {
    private static JsonNode pod(String spec) {
        return Json.tree(("{\"spec\":" + spec.replace('\'', '"') + "}").getBytes(StandardCharsets.UTF_8));
    }

    private static String container(String cpu, String more) {
        return "{'name':'c'" + more + ",'resources':{'requests':{'cpu':'" + cpu + "'}}}";
    }

    @Test
    void containersAddUp() {
        var pod = pod("{'containers':[" + container("100m", "") + "," + container("200m", "") + "]}");
        assertThat(Amounts.text(PodResources.specified(pod).requests())).isEqualTo("cpu=300m");
    }

    @Test
    void anInitContainerCountsWithTheSidecarsBeforeIt() {
        String sidecar = container("50m", ",'restartPolicy':'Always'");
        var pod = pod("{'initContainers':[" + sidecar + "," + container("400m", "") + "],'containers':["
                + container("100m", "") + "]}");
        assertThat(Amounts.text(PodResources.specified(pod).requests())).isEqualTo("cpu=450m");
    }

    @Test
    void thePodsOwnRequestTakesThePlaceOfTheSum() {
        var pod = pod("{'resources':{'requests':{'cpu':'2'}},'overhead':{'cpu':'1'},'containers':["
                + container("100m", "") + "]}");
        assertThat(Amounts.text(PodResources.specified(pod).requests())).isEqualTo("cpu=2");
        assertThat(Amounts.text(PodResources.counted(pod).requests())).isEqualTo("cpu=3");
    }
}
