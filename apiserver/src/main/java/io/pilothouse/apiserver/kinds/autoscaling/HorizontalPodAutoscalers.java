package io.pilothouse.apiserver.kinds.autoscaling;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.ObjectReader;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.catalog.ServedVersion;
import io.pilothouse.apiserver.catalog.StatusView;
import io.pilothouse.apiserver.catalog.Strategy;
import io.pilothouse.apiserver.catalog.Subresource;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.meta.GroupVersionKind;
import java.util.List;
import java.util.function.UnaryOperator;

/** autoscaling/v2 HorizontalPodAutoscaler, and its older face of v1. */
public final class HorizontalPodAutoscalers {
    private static final GroupVersionKind V1 = new GroupVersionKind("autoscaling", "v1", "HorizontalPodAutoscaler");
    private static final GroupVersionKind V2 = new GroupVersionKind("autoscaling", "v2", "HorizontalPodAutoscaler");

    private HorizontalPodAutoscalers() {}

    public static ResourceDefinition definition(Schemas schemas) {
        var conversion = new AutoscalerConversion(schemas.type(V1), schemas.type(V2));
        return ResourceDefinition.of(
                        "autoscaling", "horizontalpodautoscalers", "horizontalpodautoscaler", "HorizontalPodAutoscaler")
                .version(new ServedVersion(
                        V2,
                        schemas.type(V2),
                        UnaryOperator.identity(),
                        UnaryOperator.identity(),
                        reader(ObjectReader.typed(schemas.type(V2)))))
                .version(new ServedVersion(V1, schemas.type(V1), conversion::toV2, conversion::toV1))
                .shortNames("hpa")
                .categories("all")
                .strategy(new Rules())
                .subresource(new Subresource.View("status", List.of("get", "patch", "update"), new Status()))
                .columns(AutoscalerColumns.all())
                .build();
    }

    /** Keeps lists of policies that are there and empty: they are wrong, where absent ones are filled. */
    private static ObjectReader reader(ObjectReader typed) {
        return (document, validation, warnings) -> {
            var object = typed.read(document, validation, warnings);
            for (String direction : new String[] {"scaleUp", "scaleDown"}) {
                var policies = document.root().at("/spec/behavior/" + direction + "/policies");
                if (policies.isArray() && policies.isEmpty()) {
                    object.withObjectProperty("spec")
                            .withObjectProperty("behavior")
                            .withObjectProperty(direction)
                            .putArray("policies");
                }
            }
            return object;
        };
    }

    private static final class Rules implements Strategy {
        @Override
        public void defaults(ObjectNode object) {
            AutoscalerDefaults.fill(object.withObjectProperty("spec"));
        }

        @Override
        public List<FieldError> validate(ObjectNode object, WriteContext context) {
            return AutoscalerValidation.create(object);
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            return AutoscalerValidation.update(object, old);
        }
    }

    private static final class Status implements Subresource.ViewStrategy {
        @Override
        public void restrict(ObjectNode object, ObjectNode old) {
            StatusView.FREE_METADATA.restrict(object, old);
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            return AutoscalerValidation.status(object);
        }
    }
}
