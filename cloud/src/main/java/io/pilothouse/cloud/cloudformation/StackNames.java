package io.pilothouse.cloud.cloudformation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.pilothouse.cloud.cloudformation.StackModel.Stack;
import io.pilothouse.cloud.cloudformation.StackModel.StackResource;
import io.pilothouse.cloud.iam.Arns;
import io.pilothouse.cloud.protocol.Json;
import io.pilothouse.cloud.ssm.ParameterStore;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** What names stand for in a stack as it is now. */
final class StackNames implements Intrinsics.Names {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private final Template template;
    private final Supplier<Stack> stack;
    private final Map<String, String> parameters;
    private final Arns arns;
    private final ParameterStore store;
    private final List<String> zones;
    private final Function<String, Optional<String>> exports;

    StackNames(
            Template template,
            Supplier<Stack> stack,
            Arns arns,
            ParameterStore store,
            List<String> zones,
            Function<String, Optional<String>> exports) {
        this.template = template;
        this.stack = stack;
        this.parameters = Parameters.given(template, stack.get().request().parameters());
        this.arns = arns;
        this.store = store;
        this.zones = zones;
        this.exports = exports;
    }

    @Override
    public Optional<JsonNode> ref(String name) {
        String value = parameters.get(name);
        if (value != null) {
            String type =
                    template.root().path("Parameters").path(name).path("Type").asText();
            return Optional.of(Json.tree(Parameters.resolve(name, type, value, store)));
        }
        return (switch (name) {
                    case "AWS::Region" -> Optional.of(arns.region());
                    case "AWS::AccountId" -> Optional.of(arns.account());
                    case "AWS::Partition" -> Optional.of(arns.partition());
                    case "AWS::URLSuffix" -> Optional.of("amazonaws.com");
                    case "AWS::StackName" -> Optional.of(stack.get().name());
                    case "AWS::StackId" -> Optional.of(stack.get().id());
                    default -> resource(name).map(StackResource::physicalId);
                })
                .map(NODES::textNode);
    }

    private Optional<StackResource> resource(String name) {
        return stack.get().resources().stream()
                .filter(r -> r.logicalId().equals(name) && !r.physicalId().isEmpty())
                .findFirst();
    }

    @Override
    public Optional<String> attribute(String resource, String attribute) {
        return resource(resource).map(r -> r.attributes().get(attribute));
    }

    @Override
    public Optional<String> imported(String name) {
        return exports.apply(name);
    }

    @Override
    public List<String> zones() {
        return zones;
    }
}
