package io.pilothouse.apiserver.openapi;

import io.pilothouse.machinery.schema.BuiltInTypes;
import io.pilothouse.machinery.schema.Descriptions;
import io.pilothouse.machinery.schema.FieldSchema;
import io.pilothouse.machinery.schema.TypeSchema;
import java.util.List;
import java.util.Set;

/** The query parameters that stand for the fields of options: every scalar field, or list of scalars, is one. */
final class OptionParameters {
    static final ApiParameter PRETTY = ApiParameter.query(
            "pretty",
            "string",
            "If 'true', then the output is pretty printed. Defaults to 'false' unless the user-agent indicates a browser or command-line"
                    + " HTTP tool (curl and wget).");
    static final ApiParameter NAMESPACE =
            ApiParameter.path("namespace", "object name and auth scope, such as for teams and projects");

    private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.";
    private static final Set<String> TYPE_FIELDS = Set.of("kind", "apiVersion");

    private final BuiltInTypes types;
    private final Descriptions descriptions;

    OptionParameters(BuiltInTypes types, Descriptions descriptions) {
        this.types = types;
        this.descriptions = descriptions;
    }

    static ApiParameter name(String kind) {
        return ApiParameter.path("name", "name of the " + kind);
    }

    /** The parameters of one of the options kinds of meta/v1, such as {@code ListOptions}. */
    List<ApiParameter> meta(String kind) {
        return of(types.named(META + kind));
    }

    List<ApiParameter> of(TypeSchema options) {
        return options.fields().stream()
                .filter(f -> !TYPE_FIELDS.contains(f.name()) && isParameter(f.type()))
                .map(f -> parameter(options, f))
                .toList();
    }

    private ApiParameter parameter(TypeSchema options, FieldSchema field) {
        return ApiParameter.query(
                field.name(),
                typeName(field.type()),
                descriptions.field(options.name(), field.name()).orElse(""));
    }

    private static boolean isParameter(TypeSchema type) {
        return switch (type.kind()) {
            case STRING, BOOLEAN, INT32, INT64, DOUBLE -> true;
            case LIST -> isParameter(type.element());
            default -> false;
        };
    }

    private static String typeName(TypeSchema type) {
        return switch (type.kind()) {
            case BOOLEAN -> "boolean";
            case INT32, INT64 -> "integer";
            case DOUBLE -> "number";
            case LIST -> typeName(type.element());
            default -> "string";
        };
    }
}
