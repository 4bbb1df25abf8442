package io.pilothouse.apiserver.endpoint;

import io.pilothouse.apiserver.negotiation.Compression;
import io.pilothouse.apiserver.negotiation.Offer;
import io.pilothouse.apiserver.negotiation.Output;
import io.pilothouse.apiserver.request.Notes;
import io.pilothouse.apiserver.request.Query;
import io.pilothouse.apiserver.request.RequestInfo;
import io.pilothouse.apiserver.request.UserInfo;
import io.pilothouse.http.Exchange;
import io.pilothouse.http.Headers;
import io.pilothouse.http.ResponseStream;
import io.pilothouse.machinery.codec.JsonIndent;
import io.pilothouse.machinery.field.FieldManagerFormat;
import java.io.IOException;
import java.time.Instant;
import java.util.Set;

/**
 * A request on its way through the server, with what the filters found out. For one thread.
 *
 * @param warnings what the client is warned of; grows
 * @param context what is noted of it on the way
 */
public record ApiRequest(
        Exchange exchange,
        RequestInfo info,
        Query query,
        UserInfo user,
        Instant received,
        String auditId,
        Warnings warnings,
        RequestContext context) {
    private static final Set<String> GO_TRUE = Set.of("1", "t", "T", "TRUE", "true", "True");

    public static ApiRequest of(
            Exchange exchange,
            RequestInfo info,
            Query query,
            UserInfo user,
            Instant received,
            String auditId,
            RequestContext context) {
        return new ApiRequest(exchange, info, query, user, received, auditId, new Warnings(), context);
    }

    /** The same request of another user. */
    public ApiRequest as(UserInfo other) {
        return new ApiRequest(exchange, info, query, other, received, auditId, warnings, context);
    }

    public void warn(String text) {
        warnings.add(text);
    }

    /** Where those who know nothing of requests leave warnings and facts. */
    public Notes notes() {
        return new Notes() {
            @Override
            public void warn(String text) {
                ApiRequest.this.warn(text);
            }

            @Override
            public void annotate(String key, String value) {
                context.annotate(key, value);
            }
        };
    }

    public String method() {
        return exchange.method();
    }

    /** The same request for one namespace, where it was for all. */
    public ApiRequest inNamespace(String namespace) {
        return new ApiRequest(exchange, info.inNamespace(namespace), query, user, received, auditId, warnings, context);
    }

    /** The form of the answer. @throws io.pilothouse.machinery.status.StatusException 406 if the client takes none that is offered */
    public Output negotiate(Offer offer) {
        return Output.negotiate(accept(), offer, readByPerson());
    }

    /** The form of a Status that answers the request. */
    public Output negotiateStatus() {
        return Output.ofStatus(accept(), readByPerson());
    }

    private String accept() {
        return exchange.headers().first("accept").orElse("");
    }

    /** Whether the answer is laid out for a person: they say so, or they use a program that people use. */
    public boolean readByPerson() {
        String said = query.first("pretty");
        if (!said.isEmpty()) {
            return GO_TRUE.contains(said);
        }
        String agent = exchange.headers().first("user-agent").orElse("");
        return agent.startsWith("curl") || agent.startsWith("Wget") || agent.startsWith("Mozilla/5.0");
    }

    /** Answers; a large answer is compressed for a client that asks for it. The pieces must not be changed afterwards. */
    public void respond(int status, String contentType, byte[]... pieces) throws IOException {
        respond(status, answerHeaders(contentType), pieces);
    }

    /** The same with headers of the caller's. */
    public void respond(int status, Headers headers, byte[]... pieces) throws IOException {
        context.answer(headers.first("content-type").orElse(""), pieces);
        if (!Compression.applies(exchange.headers(), pieces)) {
            exchange.respond(status, headers, pieces);
            return;
        }
        compressed(headers);
        stream(status, headers, stream -> Compression.write(stream, pieces));
    }

    /**
     * Answers with a text laid out for people, as it is made: all of it may be more than there is memory for. It is compressed for a client that
     * asks for it.
     *
     * @param plain the same before it was laid out
     */
    void respondIndented(int status, String contentType, byte[][] plain, JsonIndent text) throws IOException {
        context.answer(contentType, plain);
        var headers = answerHeaders(contentType);
        if (takesGzip()) {
            stream(status, compressed(headers), stream -> {
                try (var zip = Compression.into(stream)) {
                    text.write(zip::write);
                }
            });
        } else {
            stream(status, headers, stream -> text.write(stream::write));
        }
    }

    /** What writes an answer. */
    @FunctionalInterface
    private interface Body {
        void write(ResponseStream stream) throws IOException;
    }

    /** Answers bit by bit; an answer that can't be written to its end must not look like a whole one. */
    private void stream(int status, Headers headers, Body body) throws IOException {
        try (var stream = exchange.startStream(status, headers)) {
            try {
                body.write(stream);
            } catch (IOException | RuntimeException | Error e) {
                stream.abort();
                throw e;
            }
        }
    }

    private static Headers compressed(Headers headers) {
        return headers.set("content-encoding", "gzip").add("vary", "Accept-Encoding");
    }

    /** Whether the client takes gzip. */
    boolean takesGzip() {
        return Compression.accepted(exchange.headers());
    }

    /**
     * Answers 200 with what was compressed already.
     *
     * @param plain the same as it was before
     */
    void respondCompressed(String contentType, byte[][] plain, byte[][] compressed) throws IOException {
        context.answer(contentType, plain);
        exchange.respond(200, compressed(answerHeaders(contentType)), compressed);
    }

    /** Headers for an answer, with what every answer carries. */
    public Headers answerHeaders(String contentType) {
        var headers =
                Headers.of("audit-id", auditId, "cache-control", "no-cache, private", "content-type", contentType);
        warnings.headerValues().forEach(value -> headers.add("warning", value));
        return headers;
    }

    /** The manager of fields that this client writes: what it says, or the first part of its user agent. */
    public String fieldManager() {
        String given = query.first("fieldManager");
        if (!given.isEmpty()) {
            return given;
        }
        return FieldManagerFormat.ofUserAgent(
                exchange.headers().first("user-agent").orElse(""));
    }
}
