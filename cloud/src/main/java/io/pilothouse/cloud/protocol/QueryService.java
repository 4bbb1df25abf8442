package io.pilothouse.cloud.protocol;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A service of the query or EC2 protocol: a table of actions. An action names the parameters that it reads; a request with any other is
 * refused, so nothing is accepted and ignored.
 */
public final class QueryService implements ServiceHandler {
    private static final int MAX_BODY = 2 << 20;
    private final String service;
    private final Protocol protocol;
    private final String namespace;
    private final Authorizer authorizer;
    private final Map<String, Entry> actions = new HashMap<>();

    /** What an action does: reads the call, acts, and writes its result's content. */
    public interface Action {
        void run(QueryCall call, XmlWriter out) throws IOException;
    }

    private record Entry(Action action, Set<String> parameters) {}

    /** A service without actions yet. */
    public QueryService(String service, Protocol protocol, String namespace, Authorizer authorizer) {
        this.service = service;
        this.protocol = protocol;
        this.namespace = namespace;
        this.authorizer = authorizer;
    }

    /** Adds an action and the first segments of the parameters it reads. Only before the service is used. */
    public QueryService action(String name, Action action, String... parameters) {
        if (actions.put(name, new Entry(action, Set.of(parameters))) != null) {
            throw new IllegalStateException("declared twice: " + name);
        }
        return this;
    }

    @Override
    public String service() {
        return service;
    }

    @Override
    public Protocol protocol() {
        return protocol;
    }

    @Override
    public String namespace() {
        return namespace;
    }

    @Override
    public AwsResponse handle(AwsCall call) throws IOException {
        List<UriCodec.Pair> pairs = new ArrayList<>(call.request().queryParams());
        if (call.request().method().equals("POST")) {
            pairs.addAll(
                    UriCodec.parseQuery(new String(call.request().body().bytes(MAX_BODY), StandardCharsets.UTF_8)));
        }
        pairs.removeIf(p -> p.name().startsWith("X-Amz-"));
        Params params = Params.of(pairs);
        String name = params.required("Action");
        Entry entry = actions.get(name);
        if (entry == null) {
            throw new AwsException(
                    400,
                    "InvalidAction",
                    "The action " + name + " is not valid for this web service: " + service
                            + " here does not support it.");
        }
        for (String given : params.topLevelNames()) {
            if (!given.equals("Action")
                    && !given.equals("Version")
                    && !entry.parameters().contains(given)) {
                throw new AwsException(
                        400, "InvalidParameter", "The parameter " + given + " of " + name + " is not supported here.");
            }
        }
        QueryCall query = new QueryCall(name, params, call.caller(), call.request(), call.requestId());
        authorizer.check(query, service);
        XmlWriter out = new XmlWriter().open(name + "Response", namespace);
        if (protocol == Protocol.EC2) {
            out.text("requestId", call.requestId());
            entry.action().run(query, out);
        } else {
            out.open(name + "Result");
            entry.action().run(query, out);
            out.close()
                    .open("ResponseMetadata")
                    .text("RequestId", call.requestId())
                    .close();
        }
        return AwsResponse.text(200, "text/xml;charset=utf-8", out.close().document())
                .withHeader("x-amzn-requestid", call.requestId());
    }

    /** Decides whether the caller may do what it asks for. */
    public interface Authorizer {
        /** Refuses with an {@link AwsException} when it may not. */
        void check(QueryCall call, String service);
    }
}
