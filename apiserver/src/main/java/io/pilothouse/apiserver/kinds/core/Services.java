package io.pilothouse.apiserver.kinds.core;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Column;
import io.pilothouse.apiserver.catalog.NameRule;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.catalog.Strategy;
import io.pilothouse.apiserver.catalog.Subresource;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.apiserver.table.TableWriter;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.meta.GroupVersionKind;
import java.util.ArrayList;
import java.util.List;

/** core/v1 Service. */
public final class Services {
    private static final List<String> PROXY_VERBS = List.of("create", "delete", "get", "patch", "update");

    private Services() {}

    static String orNone(String value) {
        return value.isEmpty() ? "<none>" : value;
    }

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of("", "services", "service", "Service")
                .version("v1", schemas)
                .shortNames("svc")
                .categories("all")
                .storedUnder("services/specs")
                .returnsDeletedObject()
                .createOnUpdate()
                .status()
                .names(NameRule.LABEL_1035)
                .strategy(new Rules())
                .selectable(
                        "spec.clusterIP", o -> o.path("spec").path("clusterIP").asText())
                .selectable("spec.type", o -> o.path("spec").path("type").asText())
                .subresource(new Subresource.Connection(
                        "proxy", new GroupVersionKind("", "v1", "ServiceProxyOptions"), PROXY_VERBS))
                .columns(
                        TableWriter.name(),
                        Column.text(
                                "Type",
                                "How the service is exposed.",
                                o -> o.path("spec").path("type").asText()),
                        Column.text(
                                "Cluster-IP",
                                "The address of the service in the cluster.",
                                o -> orNone(o.path("spec").path("clusterIP").asText(""))),
                        Column.text(
                                "External-IP",
                                "Addresses of the service outside the cluster.",
                                ServiceColumns::external),
                        Column.text("Port(s)", "The ports of the service.", ServiceColumns::ports),
                        TableWriter.age(),
                        Column.text("Selector", "The pods behind the service.", ServiceColumns::selector)
                                .wide())
                .build();
    }

    private static final class Rules implements Strategy {
        @Override
        public void defaults(ObjectNode object) {
            ServiceDefaults.apply(object);
        }

        @Override
        public void prepareForCreate(ObjectNode object, WriteContext context) {
            if (!object.path("status").has("loadBalancer")) {
                object.withObjectProperty("status").putObject("loadBalancer");
            }
            ServiceDefaults.families(object);
        }

        @Override
        public void prepareForUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            ServiceDefaults.keepAllocations(object, old);
            ServiceDefaults.families(object);
        }

        @Override
        public List<FieldError> validate(ObjectNode object, WriteContext context) {
            return ServiceValidation.service(object);
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            var errors = new ArrayList<>(ServiceValidation.service(object));
            errors.addAll(ServiceValidation.update(object, old));
            return errors;
        }
    }
}
