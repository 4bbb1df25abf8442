package io.pilothouse.apiserver.kinds.resource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.catalog.Strategy;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.apiserver.table.TableWriter;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.LabelFormat;
import java.util.ArrayList;
import java.util.List;

/** resource.k8s.io/v1 DeviceClass. */
public final class DeviceClasses {
    private static final int MOST_CONFIGURATIONS = 32;

    private DeviceClasses() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of("resource.k8s.io", "deviceclasses", "deviceclass", "DeviceClass")
                .version("v1", schemas)
                .clusterScoped()
                .returnsDeletedObject()
                .generation("spec")
                .columns(List.of(TableWriter.name(), TableWriter.age()))
                .strategy(new Rules())
                .build();
    }

    private static final class Rules implements Strategy {
        @Override
        public List<FieldError> validate(ObjectNode object, WriteContext context) {
            var errors = new ArrayList<FieldError>();
            var spec = Field.of(object, errors).child("spec");
            ClaimValidation.selectors(spec.child("selectors"));
            DeviceRules.list(spec.child("config"), MOST_CONFIGURATIONS, ClaimValidation::configuration);
            spec.child("extendedResourceName").ifPresent(name -> {
                if (!isExtendedResource(name.text())) {
                    name.invalid("must be a valid extended resource name");
                }
            });
            return errors;
        }

        /** A name below a domain that is not Kubernetes' own, and that quotas can speak of. */
        private static boolean isExtendedResource(String name) {
            return name.contains("/")
                    && !name.contains("kubernetes.io/")
                    && !name.startsWith("requests.")
                    && LabelFormat.key("requests." + name).isEmpty();
        }
    }
}
