package io.pilothouse.apiserver.audit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.endpoint.ApiRequest;
import io.pilothouse.apiserver.endpoint.RequestContext;
import io.pilothouse.apiserver.request.UserInfo;
import io.pilothouse.machinery.codec.DecodeException;
import io.pilothouse.machinery.codec.Json;
import io.pilothouse.machinery.codec.Yaml;
import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.util.Locale;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What is told of one request: gathered as it goes on, an event at each stage. For the request's thread. */
public final class AuditTrail implements RequestContext.Observer {
    private static final int LONGEST_AGENT = 1024;
    private static final int LARGEST_STATUS = 16 * 1024;
    private static final Set<String> NAMED_BY_BODY = Set.of("create", "update");

    private final Audit audit;
    private final AuditPolicy.Decision decision;
    private final ApiRequest request;
    private final ObjectNode event;
    private byte @Nullable [] requestBody;
    private @Nullable JsonNode requestObject;
    private @Nullable JsonNode responseObject;
    private boolean started;
    private int code;

    AuditTrail(Audit audit, AuditPolicy.Decision decision, ApiRequest request) {
        this.audit = audit;
        this.decision = decision;
        this.request = request;
        this.event = head();
    }

    private ObjectNode head() {
        var exchange = request.exchange();
        var node = JsonNodeFactory.instance
                .objectNode()
                .put("kind", "Event")
                .put("apiVersion", "audit.k8s.io/v1")
                .put("level", decision.level().text())
                .put("auditID", request.auditId())
                .put("stage", "");
        String query = exchange.rawQuery();
        node.put("requestURI", exchange.rawPath() + (query.isEmpty() ? "" : "?" + query));
        node.put("verb", request.info().verb());
        node.set("user", user(request.user()));
        var sources = SourceAddresses.of(exchange);
        if (!sources.isEmpty()) {
            sources.forEach(node.putArray("sourceIPs")::add);
        }
        String agent = exchange.headers().first("user-agent").orElse("");
        if (!agent.isEmpty()) {
            node.put(
                    "userAgent",
                    agent.length() > LONGEST_AGENT ? agent.substring(0, LONGEST_AGENT) + "...TRUNCATED" : agent);
        }
        var info = request.info();
        if (info.isResource()) {
            var reference = node.putObject("objectRef");
            put(reference, "resource", info.resource());
            put(reference, "namespace", info.namespace());
            put(reference, "name", info.name());
            put(reference, "apiGroup", info.group());
            put(reference, "apiVersion", info.version());
            put(reference, "subresource", info.subresource());
        }
        return node;
    }

    private static void put(ObjectNode node, String field, String value) {
        if (!value.isEmpty()) {
            node.put(field, value);
        }
    }

    private static ObjectNode user(UserInfo user) {
        var node = JsonNodeFactory.instance.objectNode();
        put(node, "username", user.name());
        put(node, "uid", user.uid());
        if (!user.groups().isEmpty()) {
            user.groups().forEach(node.putArray("groups")::add);
        }
        if (!user.extra().isEmpty()) {
            var extra = node.putObject("extra");
            new TreeMap<>(user.extra()).forEach((key, values) -> values.forEach(extra.withArrayProperty(key)::add));
        }
        return node;
    }

    /** The request is carried out for somebody else. */
    public void impersonated(UserInfo user) {
        event.set("impersonatedUser", user(user));
    }

    @Override
    public void body(byte[] bytes) {
        requestBody = bytes;
    }

    @Override
    public void answer(String contentType, byte[][] pieces) {
        // Of a refusal the reason is told at every level; only the answer itself shows that it is one.
        if (decision.level().atLeast(Level.REQUEST_RESPONSE) || isSmall(pieces)) {
            responseObject = parse(contentType, joined(pieces));
        }
    }

    private static boolean isSmall(byte[][] pieces) {
        int size = 0;
        for (byte[] piece : pieces) {
            size += piece.length;
        }
        return size < LARGEST_STATUS;
    }

    @Override
    public void answered(int status) {
        code = status;
        if (!started && request.info().longRunning()) {
            started = true;
            emit(Stage.RESPONSE_STARTED);
        }
    }

    /** Tells of a stage, unless the policy leaves it out. */
    void emit(Stage stage) {
        if (decision.omitted().contains(stage)) {
            return;
        }
        var told = event.deepCopy();
        told.put("stage", stage.text());
        if (stage != Stage.REQUEST_RECEIVED) {
            describe(told);
        }
        told.put("requestReceivedTimestamp", Audit.time(request.received()));
        told.put("stageTimestamp", Audit.time(Instant.now()));
        var annotations = request.context().annotations();
        if (!annotations.isEmpty()) {
            annotations.forEach(told.putObject("annotations")::put);
        }
        audit.write(told);
    }

    /** Who asked could not be told. */
    void unauthenticated() {
        event.set("user", JsonNodeFactory.instance.objectNode());
        String credential = request.exchange().headers().first("authorization").orElse("");
        String method = credential.isEmpty() ? "" : credential.split(" ", 2)[0].toLowerCase(Locale.ROOT);
        responseObject = JsonNodeFactory.instance
                .objectNode()
                .put("kind", "Status")
                .put(
                        "message",
                        method.isEmpty()
                                ? "Authentication failed, no credentials provided"
                                : "Authentication failed, attempted: " + method);
        emit(Stage.RESPONSE_STARTED);
    }

    private void describe(ObjectNode told) {
        nameObject(told);
        var status = told.putObject("responseStatus");
        status.putObject("metadata");
        var answer = responseObject;
        if (answer != null && answer.path("kind").asText().equals("Status")) {
            for (String field : new String[] {"status", "message", "reason", "details"}) {
                if (answer.has(field)) {
                    status.set(field, answer.get(field));
                }
            }
        }
        if (code > 0) {
            status.put("code", code);
        }
        if (requestObject != null && decision.level().atLeast(Level.REQUEST)) {
            told.set("requestObject", trimmed(requestObject));
        }
        if (answer != null && answer.has("apiVersion") && decision.level().atLeast(Level.REQUEST_RESPONSE)) {
            told.set("responseObject", trimmed(answer));
        }
    }

    /** What the body says of the object, where the path does not. */
    private void nameObject(ObjectNode told) {
        if (requestBody == null) {
            return;
        }
        boolean named = NAMED_BY_BODY.contains(request.info().verb());
        if (requestObject == null && (named || decision.level().atLeast(Level.REQUEST))) {
            requestObject =
                    parse(request.exchange().headers().first("content-type").orElse("application/json"), requestBody);
        }
        if (requestObject != null && named && told.get("objectRef") instanceof ObjectNode reference) {
            var metadata = requestObject.path("metadata");
            for (String field : new String[] {"namespace", "name", "uid", "resourceVersion"}) {
                if (!reference.has(field)) {
                    put(reference, field, metadata.path(field).asText(""));
                }
            }
        }
    }

    private JsonNode trimmed(JsonNode object) {
        if (!decision.omitManagedFields()) {
            return object;
        }
        var copy = object.deepCopy();
        if (copy.get("metadata") instanceof ObjectNode metadata) {
            metadata.remove("managedFields");
        }
        for (var item : copy.path("items")) {
            if (item.get("metadata") instanceof ObjectNode metadata) {
                metadata.remove("managedFields");
            }
        }
        for (var row : copy.path("rows")) {
            if (row.path("object").get("metadata") instanceof ObjectNode metadata) {
                metadata.remove("managedFields");
            }
        }
        return copy;
    }

    private @Nullable JsonNode parse(String contentType, byte[] bytes) {
        try {
            if (contentType.contains("protobuf")) {
                return audit.decodeProtobuf(bytes);
            }
            if (contentType.contains("yaml")) {
                return Yaml.parse(bytes).root();
            }
            return contentType.contains("json") ? Json.tree(bytes) : null;
        } catch (DecodeException | IllegalArgumentException unreadable) {
            return null;
        }
    }

    private static byte[] joined(byte[][] pieces) {
        var out = new ByteArrayOutputStream();
        for (byte[] piece : pieces) {
            out.writeBytes(piece);
        }
        return out.toByteArray();
    }
}
