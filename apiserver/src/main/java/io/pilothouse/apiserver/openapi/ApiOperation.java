package io.pilothouse.apiserver.openapi;

import io.pilothouse.machinery.meta.GroupVersionKind;
import java.util.List;
import java.util.Optional;

/**
 * One operation of a path.
 *
 * @param method in lower case
 * @param action upstream's word for what is done; empty where no resource is meant
 * @param consumes media types; none for what takes no body at all
 * @param parameters all of them, also those that are told once for the whole path
 */
record ApiOperation(
        String path,
        String method,
        String action,
        Optional<GroupVersionKind> kind,
        String id,
        String description,
        String tag,
        List<String> consumes,
        List<String> produces,
        List<ApiParameter> parameters,
        Optional<Body> body,
        List<Response> responses) {
    ApiOperation {
        consumes = List.copyOf(consumes);
        produces = List.copyOf(produces);
        parameters = List.copyOf(parameters);
        responses = List.copyOf(responses);
    }

    /** @param model the name of the schema */
    record Body(String model, boolean required) {}

    /** @param model the name of the schema, or {@link #TEXT} */
    record Response(int code, String description, String model) {
        /** The model of what is plain text. */
        static final String TEXT = "string";

        static Response ok(String model) {
            return new Response(200, "OK", model);
        }

        static Response created(String model) {
            return new Response(201, "Created", model);
        }

        static Response accepted(String model) {
            return new Response(202, "Accepted", model);
        }
    }
}
