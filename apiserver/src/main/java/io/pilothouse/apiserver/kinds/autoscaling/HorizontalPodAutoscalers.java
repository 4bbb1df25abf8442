package io.pilothouse.apiserver.kinds.autoscaling;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.catalog.ServedVersion;
import io.pilothouse.apiserver.catalog.StatusView;
import io.pilothouse.apiserver.catalog.Strategy;
import io.pilothouse.apiserver.catalog.Subresource;
import io.pilothouse.machinery.meta.GroupVersionKind;
import java.util.List;

/** autoscaling/v2 HorizontalPodAutoscaler, and its older face of v1. */
public final class HorizontalPodAutoscalers {
    private static final GroupVersionKind V1 = new GroupVersionKind("autoscaling", "v1", "HorizontalPodAutoscaler");
    private static final GroupVersionKind V2 = new GroupVersionKind("autoscaling", "v2", "HorizontalPodAutoscaler");

    private HorizontalPodAutoscalers() {}

    public static ResourceDefinition definition(Schemas schemas) {
        var conversion = new AutoscalerConversion(schemas.type(V1), schemas.type(V2));
        return ResourceDefinition.of(
                        "autoscaling", "horizontalpodautoscalers", "horizontalpodautoscaler", "HorizontalPodAutoscaler")
                .version("v2", schemas)
                .version(new ServedVersion(V1, schemas.type(V1), conversion::toV2, conversion::toV1))
                .shortNames("hpa")
                .categories("all")
                .strategy(new Rules())
                .subresource(
                        new Subresource.View("status", List.of("get", "patch", "update"), StatusView.FREE_METADATA))
                .columns(AutoscalerColumns.all())
                .build();
    }

    private static final class Rules implements Strategy {
        @Override
        public void defaults(ObjectNode object) {
            AutoscalerDefaults.fill(object.withObjectProperty("spec"));
        }
    }
}
