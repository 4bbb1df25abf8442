package io.pilothouse.apiserver.openapi;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.pilothouse.apiserver.discovery.RemoteApis;
import io.pilothouse.apiserver.endpoint.ApiRequest;
import io.pilothouse.apiserver.negotiation.MediaType;
import io.pilothouse.http.Headers;
import io.pilothouse.machinery.codec.Json;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Serves OpenAPI: {@code /openapi/v2}, and {@code /openapi/v3} with an index of documents whose addresses carry their hashes, so that clients keep
 * them for good.
 */
public final class OpenApiEndpoint {
    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    /** The forms in which a document is sent. */
    private enum Form {
        JSON,
        PROTOBUF
    }

    private final OpenApiDocuments documents;
    private final RemoteApis remote;
    private final Clock clock;

    /** @param remote the other servers, whose documents the index names; they are passed on before this is asked */
    public OpenApiEndpoint(OpenApiDocuments documents, RemoteApis remote, Clock clock) {
        this.documents = documents;
        this.remote = remote;
        this.clock = clock;
    }

    /** False if the path is no OpenAPI document. */
    public boolean handle(ApiRequest request) throws IOException {
        String path = request.info().path();
        if (path.equals("/openapi/v2")) {
            version2(request);
        } else if (path.equals("/openapi/v3")) {
            index(request);
        } else if (path.startsWith("/openapi/v3/")) {
            version3(request, path.substring("/openapi/v3/".length()));
        } else {
            return false;
        }
        return true;
    }

    private void version2(ApiRequest request) throws IOException {
        var form = form(request, 2);
        if (form.isEmpty()) {
            empty(request, 406);
            return;
        }
        var document = documents.version2();
        send(request, document, form.get(), headers(request, document, form.get(), 2));
    }

    private void version3(ApiRequest request, String path) throws IOException {
        var found = documents.version3(path);
        if (found.isEmpty()) {
            empty(request, 404);
            return;
        }
        var form = form(request, 3);
        if (form.isEmpty()) {
            empty(request, 406);
            return;
        }
        var document = found.get();
        var headers = headers(request, document, form.get(), 3);
        String hash = request.query().first("hash");
        if (!hash.isEmpty() && !hash.equals(document.hash())) {
            headers.set("location", "/openapi/v3/" + path + "?hash=" + document.hash());
            request.exchange().respond(301, headers);
            return;
        }
        if (!hash.isEmpty()) {
            headers.set("cache-control", "public, immutable");
            headers.set(
                    "expires",
                    HTTP_DATE.format(clock.instant().atZone(ZoneOffset.UTC).plusYears(1)));
        }
        send(request, document, form.get(), headers);
    }

    private void index(ApiRequest request) throws IOException {
        var index = JsonNodeFactory.instance.objectNode();
        var paths = index.putObject("paths");
        var urls = new TreeMap<String, String>();
        documents
                .version3()
                .forEach((path, document) -> urls.put(path, "/openapi/v3/" + path + "?hash=" + document.hash()));
        urls.putAll(remote.openApiUrls());
        urls.forEach((path, url) -> paths.putObject(path).put("serverRelativeURL", url));
        request.exchange()
                .respond(
                        200,
                        request.answerHeaders("text/plain; charset=utf-8")
                                .set("last-modified", HTTP_DATE.format(clock.instant())),
                        Json.write(index));
    }

    /** The best of the forms that the client takes; empty for none. */
    private static Optional<Form> form(ApiRequest request, int version) {
        var accepted =
                MediaType.accepted(String.join(",", request.exchange().headers().all("accept")));
        if (accepted.isEmpty()) {
            return Optional.of(Form.JSON);
        }
        for (var range : accepted) {
            if (range.type().equals("application") || range.type().equals("*")) {
                if (range.subtype().equals("json") || range.subtype().equals("*")) {
                    return Optional.of(Form.JSON);
                }
                if (range.subtype().equals(protobuf(version, '.'))
                        || range.subtype().equals(protobuf(version, '@'))) {
                    return Optional.of(Form.PROTOBUF);
                }
            }
        }
        return Optional.empty();
    }

    /** @param separator an at sign in the name's old form */
    private static String protobuf(int version, char separator) {
        return "com.github.proto-openapi.spec.v" + version + separator + "v1.0+protobuf";
    }

    private static Headers headers(ApiRequest request, CompressedDocument document, Form form, int version) {
        return request.answerHeaders("application/" + (form == Form.JSON ? "json" : protobuf(version, '.')))
                .set("etag", "\"" + document.hash() + "\"")
                .set("vary", "Accept");
    }

    private static void send(ApiRequest request, CompressedDocument document, Form form, Headers headers)
            throws IOException {
        headers.set("last-modified", HTTP_DATE.format(document.made()));
        if (isKnown(request, document)) {
            headers.remove("content-type");
            request.exchange().respond(304, headers);
            return;
        }
        boolean protobuf = form == Form.PROTOBUF;
        headers.add("vary", "Accept-Encoding");
        if (takesGzip(request)) {
            headers.set("content-encoding", "gzip");
            request.exchange().respond(200, headers, document.compressed(protobuf));
        } else {
            request.exchange().respond(200, headers, document.plain(protobuf));
        }
    }

    private static boolean takesGzip(ApiRequest request) {
        return request.exchange().headers().tokens("accept-encoding").stream()
                .map(e -> e.replace(" ", ""))
                .anyMatch(e -> e.equals("gzip") || (e.startsWith("gzip;q=") && !e.matches("gzip;q=0(\\.0*)?")));
    }

    /** Whether the client says that it has this very document: by its tag or, without one, by its time. */
    private static boolean isKnown(ApiRequest request, CompressedDocument document) {
        var tags = request.exchange().headers().all("if-none-match");
        if (!tags.isEmpty()) {
            return String.join(",", tags).contains("\"" + document.hash() + "\"");
        }
        var since = request.exchange().headers().first("if-modified-since");
        try {
            return since.isPresent()
                    && !Instant.from(DateTimeFormatter.RFC_1123_DATE_TIME.parse(since.get()))
                            .isBefore(document.made().truncatedTo(java.time.temporal.ChronoUnit.SECONDS));
        } catch (java.time.DateTimeException malformed) {
            return false;
        }
    }

    /** Answers with nothing at all. */
    private static void empty(ApiRequest request, int code) throws IOException {
        var headers = request.answerHeaders("").set("vary", "Accept");
        headers.remove("content-type");
        request.exchange().respond(code, headers);
    }
}
