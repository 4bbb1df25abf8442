package io.pilothouse.apiserver.endpoint;

import io.pilothouse.apiserver.negotiation.Output;
import io.pilothouse.apiserver.request.Query;
import io.pilothouse.apiserver.request.RequestInfo;
import io.pilothouse.apiserver.request.UserInfo;
import io.pilothouse.http.Exchange;
import io.pilothouse.http.Headers;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A request on its way through the server, with what the filters found out. For one thread.
 *
 * @param warnings texts for Warning headers; grows
 */
public record ApiRequest(
        Exchange exchange,
        RequestInfo info,
        Query query,
        UserInfo user,
        Instant received,
        String auditId,
        List<String> warnings) {
    private static final int WARNING_LIMIT = 50;

    public static ApiRequest of(
            Exchange exchange, RequestInfo info, Query query, UserInfo user, Instant received, String auditId) {
        return new ApiRequest(exchange, info, query, user, received, auditId, new ArrayList<>());
    }

    public void warn(String text) {
        if (!warnings.contains(text) && warnings.size() < WARNING_LIMIT) {
            warnings.add(text);
        }
    }

    public String method() {
        return exchange.method();
    }

    /** The same request for one namespace, where it was for all. */
    public ApiRequest inNamespace(String namespace) {
        return new ApiRequest(exchange, info.inNamespace(namespace), query, user, received, auditId, warnings);
    }

    /** The form of the answer for objects of a resource. */
    public Output negotiate(boolean protobuf, boolean tables) {
        boolean pretty = query.has("pretty") && !RequestInfo.isFalse(query.first("pretty"));
        return Output.negotiate(exchange.headers().all("accept"), protobuf, tables, pretty);
    }

    /** Headers for an answer, with what every answer carries. */
    public Headers answerHeaders(String contentType) {
        var headers =
                Headers.of("audit-id", auditId, "cache-control", "no-cache, private", "content-type", contentType);
        for (String warning : warnings) {
            headers.add("warning", "299 - \"" + warning.replace("\\", "\\\\").replace("\"", "\\\"") + "\"");
        }
        return headers;
    }

    /** The manager of fields that this client writes: what it says, or the first part of its user agent. */
    public String fieldManager() {
        String given = query.first("fieldManager");
        if (!given.isEmpty()) {
            return given;
        }
        String agent = exchange.headers().first("user-agent").orElse("");
        int slash = agent.indexOf('/');
        String prefix = slash < 0 ? agent : agent.substring(0, slash);
        var printable = new StringBuilder();
        prefix.codePoints().filter(c -> !Character.isISOControl(c)).forEach(printable::appendCodePoint);
        return printable.length() > WriteOptions.MANAGER_LIMIT
                ? printable.substring(0, WriteOptions.MANAGER_LIMIT)
                : printable.toString();
    }
}
