package io.pilothouse.apiserver.openapi;

import io.pilothouse.machinery.meta.GroupVersionKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Collects what is to be said of an operation. For one thread. */
final class OperationBuilder {
    private final String path;
    private final String method;
    private final List<ApiParameter> parameters = new ArrayList<>();
    private final List<ApiOperation.Response> responses = new ArrayList<>();
    private String action = "";
    private Optional<GroupVersionKind> kind = Optional.empty();
    private String id = "";
    private String description = "";
    private List<String> consumes = MediaTypes.ANY;
    private List<String> produces = MediaTypes.OBJECTS;
    private Optional<ApiOperation.Body> body = Optional.empty();

    OperationBuilder(String path, String method) {
        this.path = path;
        this.method = method;
    }

    OperationBuilder action(String value, GroupVersionKind of) {
        action = value;
        kind = Optional.of(of);
        return this;
    }

    /** Names the operation by its verb and what it is done to. */
    OperationBuilder named(String verb, String rest) {
        id = OperationNames.id(verb, path, rest);
        return this;
    }

    /** Names the operation as it is written. */
    OperationBuilder id(String value) {
        id = value;
        return this;
    }

    OperationBuilder description(String value) {
        description = value;
        return this;
    }

    OperationBuilder consumes(List<String> mediaTypes) {
        consumes = mediaTypes;
        return this;
    }

    OperationBuilder produces(List<String> mediaTypes) {
        produces = mediaTypes;
        return this;
    }

    OperationBuilder body(String model, boolean required) {
        body = Optional.of(new ApiOperation.Body(model, required));
        return this;
    }

    OperationBuilder parameters(List<ApiParameter> more) {
        more.stream().filter(p -> parameters.stream().noneMatch(p::sameAs)).forEach(parameters::add);
        return this;
    }

    OperationBuilder parameter(ApiParameter one) {
        return parameters(List.of(one));
    }

    OperationBuilder responses(ApiOperation.Response... more) {
        responses.addAll(List.of(more));
        return this;
    }

    ApiOperation build() {
        return new ApiOperation(
                path,
                method,
                action,
                kind,
                id,
                description,
                OperationNames.tag(path),
                consumes,
                produces,
                parameters,
                body,
                responses);
    }
}
