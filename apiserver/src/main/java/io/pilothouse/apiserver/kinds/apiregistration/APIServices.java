package io.pilothouse.apiserver.kinds.apiregistration;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Column;
import io.pilothouse.apiserver.catalog.NameRule;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.catalog.StatusView;
import io.pilothouse.apiserver.catalog.Strategy;
import io.pilothouse.apiserver.catalog.Subresource;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.apiserver.kinds.Trees;
import io.pilothouse.apiserver.table.TableWriter;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.meta.GroupResource;
import java.time.temporal.ChronoUnit;
import java.util.List;

/** apiregistration.k8s.io/v1 APIService. Stored as JSON, as upstream's aggregator stores it. */
public final class APIServices {
    public static final GroupResource RESOURCE = new GroupResource("apiregistration.k8s.io", "apiservices");
    private static final int PORT = 443;

    private APIServices() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of("apiregistration.k8s.io", "apiservices", "apiservice", "APIService")
                .version("v1", schemas)
                .storedAsJson()
                .storedUnder("apiregistration.k8s.io/apiservices")
                .clusterScoped()
                .categories("api-extensions")
                .conditionalUpdate()
                .names(NameRule.PATH_SEGMENT)
                .strategy(new Rules())
                .resetFields("status", "metadata", "spec")
                .subresource(new Subresource.View("status", List.of("get", "patch", "update"), new Status()))
                .columns(
                        TableWriter.name(),
                        Column.text(
                                "Service",
                                "The reference to the service that hosts this API endpoint.",
                                APIServices::service),
                        Column.text("Available", "Whether this service is available.", APIServices::available),
                        TableWriter.age())
                .build();
    }

    private static String service(ObjectNode object) {
        var service = object.path("spec").path("service");
        return service.isMissingNode()
                ? "Local"
                : service.path("namespace").asText() + "/"
                        + service.path("name").asText();
    }

    private static String available(ObjectNode object) {
        for (var condition : object.path("status").path("conditions")) {
            if (condition.path("type").asText().equals("Available")) {
                String status = condition.path("status").asText();
                String reason = condition.path("reason").asText();
                return status.equals("True") || reason.isEmpty() ? status : status + " (" + reason + ")";
            }
        }
        return "Unknown";
    }

    private static final class Rules implements Strategy {
        @Override
        public void defaults(ObjectNode object) {
            if (object.path("spec").path("service") instanceof ObjectNode service) {
                Trees.fill(service, "port", PORT);
            }
        }

        @Override
        public void prepareForCreate(ObjectNode object, WriteContext context) {
            // What this server serves itself is there from the start.
            if (!object.path("spec").has("service")) {
                object.putObject("status")
                        .putArray("conditions")
                        .addObject()
                        .put("type", "Available")
                        .put("status", "True")
                        .put(
                                "lastTransitionTime",
                                context.now().truncatedTo(ChronoUnit.SECONDS).toString())
                        .put("reason", "Local")
                        .put("message", "Local APIServices are always available");
            }
        }

        @Override
        public List<FieldError> validate(ObjectNode object, WriteContext context) {
            return APIServiceValidation.check(object);
        }
    }

    private static final class Status implements Subresource.ViewStrategy {
        @Override
        public void restrict(ObjectNode object, ObjectNode old) {
            StatusView.KEEPS_METADATA.restrict(object, old);
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            return APIServiceValidation.status(object);
        }
    }
}
