package io.pilothouse.apiserver.kinds.apiextensions;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.gotext.GoText;
import io.pilothouse.machinery.schema.SchemaValues;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the author of a CustomResourceDefinition is told that is no error: formats that nobody checks. */
final class DefinitionWarnings {
    private DefinitionWarnings() {}

    static List<String> of(ObjectNode object, @Nullable ObjectNode old) {
        var known = old == null ? List.<String>of() : formats(old);
        return formats(object).stream()
                .filter(f -> !known.contains(f))
                .map(f -> "unrecognized format " + GoText.quote(f))
                .toList();
    }

    private static List<String> formats(ObjectNode definition) {
        var out = new ArrayList<String>();
        for (var version : definition.path("spec").path("versions")) {
            collect(version.path("schema").path("openAPIV3Schema"), out);
        }
        return out;
    }

    private static void collect(JsonNode schema, List<String> out) {
        String format = schema.path("format").asText();
        if (!format.isEmpty() && !SchemaValues.isKnownFormat(format) && !out.contains(format)) {
            out.add(format);
        }
        SchemaSearch.children(schema).forEach(child -> collect(child, out));
    }
}
