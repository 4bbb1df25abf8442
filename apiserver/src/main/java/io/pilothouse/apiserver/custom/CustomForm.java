package io.pilothouse.apiserver.custom;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.CachedForm;
import io.pilothouse.machinery.meta.GroupVersion;
import io.pilothouse.machinery.schema.CustomResourceSchema;
import io.pilothouse.machinery.status.StatusException;
import java.util.function.Function;

/**
 * Between a version of a custom resource and what lies in etcd. What was stored is read by the schema of the version in which it
 * was stored, with that one's defaults; fields that the other version does not have are dropped on the way.
 */
final class CustomForm implements CachedForm {
    private final DefinitionSpec spec;
    private final String version;
    private final Function<String, CustomResourceSchema> schemas;
    private final Conversion conversion;

    CustomForm(
            DefinitionSpec spec,
            String version,
            Function<String, CustomResourceSchema> schemas,
            Conversion conversion) {
        this.conversion = conversion;
        this.spec = spec;
        this.version = version;
        this.schemas = schemas;
    }

    @Override
    public ObjectNode open(ObjectNode cached) {
        String stored = versionOf(cached);
        var schema = schemas.apply(stored);
        schema.prune(cached);
        schema.applyDefaults(cached);
        return converted(cached, stored, version);
    }

    @Override
    public ObjectNode seal(ObjectNode object) {
        return converted(object, version, spec.storageVersion().name());
    }

    @Override
    public boolean asHandled() {
        return false;
    }

    /** With one version there is nothing to convert: what is stored in another one is refused. */
    @Override
    public boolean remote() {
        return conversion.remote() && spec.versions().size() > 1;
    }

    private String versionOf(ObjectNode cached) {
        var stored = GroupVersion.parse(cached.path("apiVersion").asText());
        if (!stored.group().equals(spec.group())
                || spec.versions().stream().noneMatch(v -> v.name().equals(stored.version()))) {
            throw StatusException.internalError(
                    "request to convert CR from an invalid group/version: " + stored.apiVersion());
        }
        return stored.version();
    }

    private ObjectNode converted(ObjectNode object, String from, String to) {
        object.put("kind", spec.kind()).put("apiVersion", spec.group() + "/" + from);
        if (from.equals(to)) {
            return object;
        }
        var converted = conversion.convert(object, from, to);
        schemas.apply(to).prune(converted);
        return converted;
    }
}
