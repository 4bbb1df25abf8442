package io.pilothouse.controlplane.eks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.cloud.iam.AccessControl;
import io.pilothouse.cloud.protocol.AwsCall;
import io.pilothouse.cloud.protocol.AwsException;
import io.pilothouse.cloud.protocol.AwsRequest;
import io.pilothouse.cloud.protocol.AwsResponse;
import io.pilothouse.cloud.protocol.Json;
import io.pilothouse.cloud.protocol.Protocol;
import io.pilothouse.cloud.protocol.ServiceHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The EKS API (restJson1): finds the operation by method and raw path, checks the permission and renders errors with their members. */
public final class EksService implements ServiceHandler {
    private static final int MAX_BODY_BYTES = 1 << 20;
    private final List<Route> routes = new ArrayList<>();
    private final AccessControl access;
    private final EksNames names;

    private record Route(RouteTemplate template, Operation operation) {}

    /** Serves those operations; where two templates fit a path, the earlier one is taken. */
    public EksService(List<Operation> operations, AccessControl access, EksNames names) {
        operations.forEach(o -> routes.add(new Route(RouteTemplate.parse(o.route()), o)));
        this.access = access;
        this.names = names;
    }

    @Override
    public String service() {
        return "eks";
    }

    @Override
    public Protocol protocol() {
        return Protocol.REST_JSON;
    }

    /** By the first segment of the path alone: what is unknown below it is refused as what is known. */
    @Override
    public boolean claims(AwsRequest unsigned) {
        String first = RouteTemplate.firstSegment(unsigned.rawPath());
        return routes.stream().anyMatch(r -> r.template().segments().getFirst().equals(first));
    }

    @Override
    public AwsResponse handle(AwsCall call) throws IOException {
        try {
            JsonNode answer = answer(call);
            return AwsResponse.text(200, "application/json", Json.write(answer))
                    .withHeader("x-amzn-requestid", call.requestId());
        } catch (EksException e) {
            ObjectNode body = Json.object(e.members()).put("message", e.detail());
            return AwsResponse.text(e.status(), "application/json", Json.write(body))
                    .withHeader("x-amzn-errortype", e.code())
                    .withHeader("x-amzn-requestid", call.requestId());
        }
    }

    private JsonNode answer(AwsCall call) throws IOException {
        AwsRequest request = call.request();
        for (Route route : routes) {
            Map<String, String> path =
                    route.template().match(request.method(), request.rawPath()).orElse(null);
            if (path != null) {
                EksCall eks = new EksCall(path, request.queryParams(), new Fields(body(request), ""), call.caller());
                Operation operation = route.operation();
                access.require(
                        call.caller(), "eks:" + operation.name(), operation.resource(eks, names), Protocol.REST_JSON);
                return operation.handle(eks);
            }
        }
        // What the gateway before EKS says of every method and path that it does not know, with a signature or without.
        throw new AwsException(403, "MissingAuthenticationTokenException", "Missing Authentication Token");
    }

    private static JsonNode body(AwsRequest request) throws IOException {
        String text = new String(request.body().bytes(MAX_BODY_BYTES), StandardCharsets.UTF_8);
        try {
            return text.isBlank() ? Json.object(Map.of()) : Json.parse(text);
        } catch (IllegalArgumentException e) {
            throw EksException.badRequest("The request's body is not JSON: " + e.getMessage());
        }
    }
}
