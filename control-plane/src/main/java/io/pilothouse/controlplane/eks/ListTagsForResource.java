package io.pilothouse.controlplane.eks;

import com.fasterxml.jackson.databind.JsonNode;

/** ListTagsForResource. */
record ListTagsForResource(EksContext context) implements Operation {
    @Override
    public String route() {
        return "GET /tags/{resourceArn}";
    }

    @Override
    public JsonNode handle(EksCall call) {
        return Views.of(
                "tags", TagTarget.find(context, call.path("resourceArn")).tags());
    }

    @Override
    public String resource(EksCall call, EksNames names) {
        return call.path("resourceArn");
    }
}
