package io.pilothouse.apiserver.kinds.autoscaling;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.codec.Json;
import io.pilothouse.machinery.meta.GroupVersionKind;
import io.pilothouse.machinery.schema.BuiltInTypes;
import org.junit.jupiter.api.Test;

class AutoscalerConversionTest {
    private static final BuiltInTypes TYPES = BuiltInTypes.load();
    private final AutoscalerConversion conversion = new AutoscalerConversion(
            TYPES.type(new GroupVersionKind("autoscaling", "v1", "HorizontalPodAutoscaler"))
                    .orElseThrow(),
            TYPES.type(new GroupVersionKind("autoscaling", "v2", "HorizontalPodAutoscaler"))
                    .orElseThrow());

    private static ObjectNode json(String text) {
        return (ObjectNode) Json.tree(text.replace('\'', '"'));
    }

    @Test
    void keepsInAnnotationsWhatTheOldVersionHasNoFieldFor() {
        var v2 = json("{'apiVersion':'autoscaling/v2','kind':'HorizontalPodAutoscaler','metadata':{'name':'a'},'spec':{"
                + "'scaleTargetRef':{'kind':'Deployment','name':'d'},'maxReplicas':3,'metrics':["
                + "{'type':'Pods','pods':{'metric':{'name':'q<1'},'target':{'type':'AverageValue','averageValue':'5'}}},"
                + "{'type':'Resource','resource':{'name':'cpu','target':{'type':'Utilization','averageUtilization':70}}}],"
                + "'behavior':{'scaleDown':{'policies':[{'type':'Pods','value':1,'periodSeconds':60}]}}}}");
        var before = v2.deepCopy();
        var v1 = conversion.toV1(v2);
        assertThat(v1.at("/spec/targetCPUUtilizationPercentage").asInt()).isEqualTo(70);
        var annotations = v1.path("metadata").path("annotations");
        assertThat(annotations.path("autoscaling.alpha.kubernetes.io/metrics").asText())
                .isEqualTo(
                        "[{\"type\":\"Pods\",\"pods\":{\"metricName\":\"q\\u003c1\",\"targetAverageValue\":\"5\"}}]");
        assertThat(annotations.path("autoscaling.alpha.kubernetes.io/behavior").asText())
                .isEqualTo("{\"ScaleUp\":null,\"ScaleDown\":{\"StabilizationWindowSeconds\":null,\"SelectPolicy\":null,"
                        + "\"Policies\":[{\"Type\":\"Pods\",\"Value\":1,\"PeriodSeconds\":60}],\"Tolerance\":null}}");
        assertThat(conversion.toV2(v1).path("spec")).isEqualTo(before.path("spec"));
    }

    @Test
    void dropsAnnotationsThatCannotBeRead() {
        var v1 = json(
                "{'apiVersion':'autoscaling/v1','kind':'HorizontalPodAutoscaler','metadata':{'name':'a','annotations':{"
                        + "'autoscaling.alpha.kubernetes.io/metrics':'nonsense','mine':'1'}},'spec':{'maxReplicas':3,"
                        + "'targetCPUUtilizationPercentage':50}}");
        var v2 = conversion.toV2(v1);
        assertThat(v2.at("/spec/metrics")).hasSize(1);
        assertThat(v2.at("/metadata/annotations")).isEqualTo(json("{'mine':'1'}"));
    }
}
