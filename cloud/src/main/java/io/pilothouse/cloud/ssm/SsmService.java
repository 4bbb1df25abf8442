package io.pilothouse.cloud.ssm;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.cloud.iam.AccessControl;
import io.pilothouse.cloud.iam.IamStore;
import io.pilothouse.cloud.protocol.AwsCall;
import io.pilothouse.cloud.protocol.AwsException;
import io.pilothouse.cloud.protocol.AwsRequest;
import io.pilothouse.cloud.protocol.AwsResponse;
import io.pilothouse.cloud.protocol.Json;
import io.pilothouse.cloud.protocol.Protocol;
import io.pilothouse.cloud.protocol.ServiceHandler;
import io.pilothouse.cloud.ssm.ParameterStore.Parameter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** The part of the SSM API that is about parameters. */
public final class SsmService implements ServiceHandler {
    private static final int MAX_BODY = 256 << 10;
    private final ParameterStore store;
    private final IamStore iam;
    private final AccessControl access;

    /** Over the parameters. */
    public SsmService(ParameterStore store, IamStore iam, AccessControl access) {
        this.store = store;
        this.iam = iam;
        this.access = access;
    }

    @Override
    public String service() {
        return "ssm";
    }

    @Override
    public Protocol protocol() {
        return Protocol.JSON;
    }

    @Override
    public boolean claims(AwsRequest unsigned) {
        return unsigned.header("x-amz-target").orElse("").startsWith("AmazonSSM.");
    }

    @Override
    public AwsResponse handle(AwsCall call) throws IOException {
        String target = call.request().header("x-amz-target").orElse("");
        String operation = target.substring(target.indexOf('.') + 1);
        JsonNode in;
        try {
            in = Json.parse(new String(call.request().body().bytes(MAX_BODY), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            throw new AwsException(400, "SerializationException", "The body is not JSON", e);
        }
        String name = in.path("Name").asText("*");
        access.require(
                call.caller(),
                "ssm:" + operation,
                name.equals("*")
                        ? "*"
                        : iam.arns().regional("ssm", "parameter" + (name.startsWith("/") ? "" : "/") + name),
                Protocol.JSON);
        Object out = switch (operation) {
            case "GetParameter" -> {
                only(in, "Name", "WithDecryption");
                yield Map.of("Parameter", view(store.find(name).orElseThrow(SsmService::notFound)));
            }
            case "GetParameters" -> {
                only(in, "Names", "WithDecryption");
                yield several(in.path("Names"));
            }
            case "GetParametersByPath" -> {
                only(in, "Path", "Recursive", "WithDecryption", "MaxResults");
                yield byPath(in.path("Path").asText(), in.path("Recursive").asBoolean());
            }
            case "PutParameter" -> put(in);
            case "DeleteParameter" -> {
                only(in, "Name");
                if (store.own().remove(ParameterStore.key(name)).isEmpty()) {
                    throw notFound();
                }
                yield Map.of();
            }
            default ->
                throw new AwsException(
                        400, "UnknownOperationException", "The operation " + operation + " is not supported here.");
        };
        return AwsResponse.text(200, "application/x-amz-json-1.1", Json.write(out))
                .withHeader("x-amzn-requestid", call.requestId());
    }

    private static void only(JsonNode in, String... known) {
        in.fieldNames().forEachRemaining(field -> {
            if (!Set.of(known).contains(field)) {
                throw new AwsException(400, "ValidationException", "The member " + field + " is not supported here.");
            }
        });
    }

    private static AwsException notFound() {
        return new AwsException(400, "ParameterNotFound", "Parameter not found.");
    }

    private Map<String, Object> several(JsonNode names) {
        List<Object> found = new ArrayList<>();
        List<String> invalid = new ArrayList<>();
        names.forEach(
                n -> store.find(n.asText()).ifPresentOrElse(p -> found.add(view(p)), () -> invalid.add(n.asText())));
        return Map.of("Parameters", found, "InvalidParameters", invalid);
    }

    private Map<String, Object> byPath(String path, boolean recursive) {
        String folder = path.endsWith("/") ? path : path + "/";
        List<Map<String, Object>> found = store.own().list().stream()
                .filter(p ->
                        p.name().startsWith(folder) && (recursive || p.name().indexOf('/', folder.length()) < 0))
                .map(this::view)
                .toList();
        return Map.of("Parameters", found);
    }

    private Map<String, Object> put(JsonNode in) {
        only(in, "Name", "Value", "Type", "Overwrite", "Description", "DataType", "Tier");
        String name = in.path("Name").asText();
        String type = in.path("Type").asText("String");
        if (name.isEmpty()
                || name.startsWith("/aws")
                || !Set.of("String", "StringList", "SecureString").contains(type)) {
            throw new AwsException(400, "ValidationException", "Name or Type is not valid.");
        }
        Parameter first = new Parameter(
                name, type, in.path("Value").asText(), 1, iam.clock().millis());
        if (store.own().insert(ParameterStore.key(name), first)) {
            return Map.of("Version", 1, "Tier", "Standard");
        }
        if (!in.path("Overwrite").asBoolean()) {
            throw new AwsException(
                    400,
                    "ParameterAlreadyExists",
                    "The parameter already exists. To overwrite this value, set the overwrite option in the request to true.");
        }
        long version = store.own()
                .update(
                        ParameterStore.key(name),
                        p -> new Parameter(name, type, first.value(), p.version() + 1, first.modifiedMillis()))
                .map(Parameter::version)
                .orElse(1L);
        return Map.of("Version", version, "Tier", "Standard");
    }

    private Map<String, Object> view(Parameter p) {
        Map<String, Object> view = new TreeMap<>();
        view.put("Name", p.name());
        view.put("Type", p.type());
        view.put("Value", p.value());
        view.put("Version", p.version());
        view.put("LastModifiedDate", p.modifiedMillis() / 1000.0);
        view.put("DataType", "text");
        view.put("ARN", iam.arns().regional("ssm", "parameter" + (p.name().startsWith("/") ? "" : "/") + p.name()));
        return view;
    }
}
