package io.pilothouse.apiserver.kinds.core;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.NameRule;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.catalog.StatusRules;
import io.pilothouse.apiserver.catalog.StatusView;
import io.pilothouse.apiserver.catalog.Strategy;
import io.pilothouse.apiserver.catalog.Subresource;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.meta.GroupVersionKind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** core/v1 Service. */
public final class Services {
    private static final List<String> PROXY_VERBS = List.of("create", "delete", "get", "patch", "update");

    private Services() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of("", "services", "service", "Service")
                .version("v1", schemas)
                .shortNames("svc")
                .categories("all")
                .storedUnder("services/specs")
                .returnsDeletedObject()
                .createOnUpdate()
                .status(new Status())
                .names(NameRule.LABEL)
                .strategy(new Rules())
                .selectable("spec.clusterIP", o -> ServiceSpec.of(o).clusterIp())
                .selectable("spec.type", o -> ServiceSpec.of(o).text("type"))
                .subresource(new Subresource.Connection(
                        "proxy", new GroupVersionKind("", "v1", "ServiceProxyOptions"), PROXY_VERBS))
                .columns(ServiceColumns.all(schemas))
                .build();
    }

    private static final class Rules implements Strategy {
        @Override
        public void defaults(ObjectNode object) {
            ServiceDefaults.apply(object);
        }

        @Override
        public void onRead(ObjectNode object) {
            ServiceDefaults.onRead(object);
        }

        @Override
        public void prepareForCreate(ObjectNode object, WriteContext context) {
            ServiceDefaults.dropInternalTraffic(object);
        }

        @Override
        public void prepareForUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            ServiceDefaults.dropUnneeded(object, old);
            ServiceDefaults.dropInternalTraffic(object);
        }

        @Override
        public List<FieldError> validate(ObjectNode object, WriteContext context) {
            return ServiceValidation.validate(object, null);
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            return ServiceValidation.validate(object, old);
        }

        @Override
        public List<String> warnings(ObjectNode object, @Nullable ObjectNode old) {
            return ServiceWarnings.of(object);
        }
    }

    private static final class Status extends StatusRules {
        Status() {
            super(StatusView.FREE_METADATA);
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            var errors = new ArrayList<FieldError>();
            LoadBalancerStatus.validate(
                    Field.of(object, errors).child("status", "loadBalancer"),
                    old.path("status").path("loadBalancer"),
                    ServiceSpec.of(object));
            return errors;
        }

        @Override
        public List<String> warnings(ObjectNode object, @Nullable ObjectNode old) {
            return LoadBalancerStatus.warnings(object);
        }
    }
}
