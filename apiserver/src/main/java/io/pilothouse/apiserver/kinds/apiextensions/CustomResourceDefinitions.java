package io.pilothouse.apiserver.kinds.apiextensions;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.Column;
import io.pilothouse.apiserver.catalog.EtcdForm;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.catalog.StatusView;
import io.pilothouse.apiserver.catalog.Strategy;
import io.pilothouse.apiserver.catalog.Subresource;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.apiserver.kinds.Trees;
import io.pilothouse.apiserver.table.TableWriter;
import io.pilothouse.machinery.codec.TypedReader;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.schema.TypeSchema;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** apiextensions.k8s.io/v1 CustomResourceDefinition. Stored as upstream stores it: v1beta1 JSON. */
public final class CustomResourceDefinitions {
    public static final GroupResource RESOURCE = new GroupResource("apiextensions.k8s.io", "customresourcedefinitions");
    private static final int WEBHOOK_PORT = 443;

    private CustomResourceDefinitions() {}

    public static ResourceDefinition definition(Schemas schemas) {
        var type = schemas.type(DefinitionForms.V1);
        return ResourceDefinition.of(
                        "apiextensions.k8s.io",
                        "customresourcedefinitions",
                        "customresourcedefinition",
                        "CustomResourceDefinition")
                .version("v1", schemas)
                .storedKind(DefinitionForms.V1BETA1)
                .storedUnder("apiextensions.k8s.io/customresourcedefinitions")
                .storedAs(new EtcdForm(DefinitionForms.V1BETA1, DefinitionForms::toOld, old -> fromStored(old, type)))
                .clusterScoped()
                .shortNames("crd", "crds")
                .categories("api-extensions")
                .generation("spec")
                .conditionalUpdate()
                .strategy(new Rules())
                .deletion(new DefinitionDeletion())
                .subresource(new Subresource.View("status", List.of("get", "patch", "update"), new Status()))
                .columns(
                        TableWriter.name(),
                        new Column(
                                "Created At",
                                "date",
                                "",
                                TableWriter.AGE_TEXT,
                                0,
                                (object, now) -> JsonNodeFactory.instance.textNode(object.path("metadata")
                                        .path("creationTimestamp")
                                        .asText())))
                .build();
    }

    private static ObjectNode fromStored(ObjectNode old, TypeSchema type) {
        var object = TypedReader.read(DefinitionForms.toNew(old), type);
        object.put("kind", DefinitionForms.V1.kind()).put("apiVersion", DefinitionForms.V1.apiVersion());
        fill(object);
        return object;
    }

    private static void fill(ObjectNode object) {
        var spec = object.withObjectProperty("spec");
        var names = spec.withObjectProperty("names");
        String kind = names.path("kind").asText();
        if (!kind.isEmpty()) {
            Trees.fill(names, "singular", kind.toLowerCase(Locale.ROOT));
            Trees.fill(names, "listKind", kind + "List");
        }
        Trees.fill(spec.withObjectProperty("conversion"), "strategy", "None");
        if (spec.path("conversion").path("webhook").path("clientConfig").path("service")
                instanceof ObjectNode service) {
            Trees.fill(service, "port", WEBHOOK_PORT);
        }
        var status = object.withObjectProperty("status");
        if (status.path("storedVersions").isEmpty()) {
            storeVersion(object);
        }
    }

    /** Notes that objects may lie in the storage version from now on. */
    private static void storeVersion(ObjectNode object) {
        for (var version : object.path("spec").path("versions")) {
            if (version.path("storage").asBoolean()) {
                String name = version.path("name").asText();
                var status = object.withObjectProperty("status");
                if (!status.path("storedVersions").isArray()) {
                    status.putArray("storedVersions");
                }
                var stored = status.withArrayProperty("storedVersions");
                if (!Trees.strings(stored).contains(name)) {
                    stored.add(name);
                }
                return;
            }
        }
    }

    private static final class Rules implements Strategy {
        @Override
        public void defaults(ObjectNode object) {
            fill(object);
        }

        @Override
        public void prepareForCreate(ObjectNode object, WriteContext context) {
            storeVersion(object);
        }

        @Override
        public List<FieldError> validate(ObjectNode object, WriteContext context) {
            return DefinitionValidation.ofNew(object);
        }

        @Override
        public void prepareForUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            storeVersion(object);
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            return DefinitionValidation.ofUpdate(object, old);
        }

        @Override
        public List<String> warnings(ObjectNode object, @Nullable ObjectNode old) {
            return DefinitionWarnings.of(object, old);
        }
    }

    private static final class Status implements Subresource.ViewStrategy {
        @Override
        public void restrict(ObjectNode object, ObjectNode old) {
            StatusView.FREE_METADATA.restrict(object, old);
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            return DefinitionValidation.ofStatus(object);
        }
    }
}
