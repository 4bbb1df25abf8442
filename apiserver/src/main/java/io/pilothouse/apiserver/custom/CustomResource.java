package io.pilothouse.apiserver.custom;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.ClusterView;
import io.pilothouse.apiserver.catalog.CustomSchema;
import io.pilothouse.apiserver.catalog.Lifetime;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.ServedVersion;
import io.pilothouse.apiserver.catalog.Subresource;
import io.pilothouse.apiserver.metrics.ClientMetrics;
import io.pilothouse.machinery.codec.CustomResourceReader;
import io.pilothouse.machinery.meta.ObjectMeta;
import io.pilothouse.machinery.schema.BuiltInTypes;
import io.pilothouse.machinery.schema.CustomResourceSchema;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * The resource that one CustomResourceDefinition declares. Each served version is a definition of its own, which handles objects
 * in that version from the request to the store, as upstream does: they are checked by the schema of the version of the request.
 */
final class CustomResource {
    private final DefinitionSpec spec;
    private final Conversion conversion;
    private final Map<String, CustomResourceSchema> schemas = new LinkedHashMap<>();
    private final AtomicBoolean terminating = new AtomicBoolean();
    private final Lifetime lifetime = new Lifetime();
    private final List<ResourceDefinition> definitions = new ArrayList<>();
    private final ResourceDefinition stored;

    /** @throws RuntimeException for a definition that cannot be served: it was put into etcd by other means than this API */
    CustomResource(DefinitionSpec spec, BuiltInTypes types, ClusterView cluster, ClientMetrics metrics) {
        this.spec = spec;
        this.conversion =
                spec.spec().path("conversion").path("strategy").asText().equals("Webhook")
                        ? new WebhookConversion(spec, cluster, metrics)
                        : (object, from, to) -> object.put("apiVersion", spec.group() + "/" + to);
        for (var version : spec.versions()) {
            var openApi = version.openApi();
            schemas.put(
                    version.name(),
                    CustomResourceSchema.of(openApi.isObject() ? openApi : null, spec.preservesUnknown(), types));
        }
        for (var version : spec.versions()) {
            if (version.served()) {
                definitions.add(definition(version));
            }
        }
        stored = definition(spec.storageVersion());
    }

    /** The definition by which all objects can be reached, also where no version is served. */
    ResourceDefinition stored() {
        return stored;
    }

    /** One definition a served version. */
    List<ResourceDefinition> definitions() {
        return definitions;
    }

    /** No new objects are taken from now on. */
    void terminating(boolean value) {
        terminating.set(value);
    }

    /** It is served no more, or in another way. */
    void end() {
        lifetime.end();
    }

    private ResourceDefinition definition(DefinitionSpec.Version version) {
        var schema = schema(version.name());
        var rules = new CustomRules(version.openApi());
        var columns = CustomColumns.of(version.node().path("additionalPrinterColumns"));
        var subresources = version.node().path("subresources");
        var builder = ResourceDefinition.of(spec.group(), spec.plural(), spec.singular(), spec.kind())
                .custom()
                .listKind(spec.listKind())
                .shortNames(spec.shortNames().toArray(String[]::new))
                .categories(spec.categories().toArray(String[]::new))
                .verbs("delete", "deletecollection", "get", "list", "patch", "create", "update", "watch")
                .conditionalUpdate()
                .storedKind(spec.kindIn(spec.storageVersion().name()))
                .cachedForm(new CustomForm(spec, version.name(), this::schema, conversion))
                .customSchema(new CustomSchema(
                        version.openApi().isObject() ? version.openApi() : null, spec.preservesUnknown()))
                .lifetime(lifetime)
                .columns(columns)
                .strategy(new CustomStrategy(spec, schema, rules, subresources.path("scale"), terminating::get))
                .version(served(version.name(), version.name()));
        spec.versions().stream()
                .filter(other -> other != version)
                .forEach(other -> builder.version(served(other.name(), version.name())));
        if (!spec.namespaced()) {
            builder.clusterScoped();
        }
        var outside = new LinkedHashSet<>(Set.of("metadata"));
        if (subresources.has("status")) {
            builder.subresource(new Subresource.View(
                    "status", List.of("get", "patch", "update"), new CustomStatusView(schema, rules)));
            outside.add("status");
        }
        if (subresources.has("scale")) {
            builder.subresource(new Subresource.Scale(CustomScale.mapping(subresources.path("scale"))));
        }
        builder.generationOfAllBut(outside);
        for (var field : version.node().path("selectableFields")) {
            CustomSelectors.add(builder, field.path("jsonPath").asText());
        }
        if (version.node().path("deprecated").asBoolean()) {
            builder.deprecated(Deprecation.of(spec, version));
        }
        return builder.build();
    }

    /** A version as the definition of another one sees it. */
    private ServedVersion served(String version, String seenFrom) {
        var schema = schema(version);
        return new ServedVersion(
                spec.kindIn(version),
                schema.type(),
                object -> version.equals(seenFrom) ? object : conversion.convert(object, version, seenFrom),
                object -> version.equals(seenFrom) ? object : conversion.convert(object, seenFrom, version),
                (document, validation, warnings) -> {
                    ObjectNode object = CustomResourceReader.read(document, schema, validation, warnings);
                    ObjectMeta.ensure(object);
                    return object;
                });
    }

    private CustomResourceSchema schema(String version) {
        var schema = schemas.get(version);
        if (schema == null) {
            throw new IllegalArgumentException(spec.plural() + "." + spec.group() + " has no version " + version);
        }
        return schema;
    }
}
