package io.pilothouse.apiserver.endpoint;

import io.pilothouse.apiserver.negotiation.Output;
import io.pilothouse.http.Headers;
import io.pilothouse.machinery.codec.Json;
import io.pilothouse.machinery.codec.JsonIndent;
import io.pilothouse.machinery.codec.Yaml;
import io.pilothouse.machinery.status.Status;
import java.io.IOException;

/** Answers with a Status in the form that the client takes: refusals, failures, and successes that have no object to show. */
public final class StatusWriter {
    private static final byte[] NEWLINE = {'\n'};

    private StatusWriter() {}

    /**
     * Answers.
     *
     * @param headers what else is said in the head; the content type is set here
     */
    public static void write(ApiRequest request, int code, Headers headers, Status status) throws IOException {
        var output = request.negotiateStatus();
        headers.set("content-type", output.contentType());
        request.respond(code, headers, render(output, status));
    }

    static void write(ApiRequest request, int code, Status status) throws IOException {
        write(request, code, request.answerHeaders(""), status);
    }

    private static byte[][] render(Output output, Status status) {
        return switch (output.format()) {
            case YAML -> new byte[][] {Yaml.write(status.toNode())};
            case PROTOBUF -> ProtobufForms.status(status);
            case JSON -> {
                byte[] compact = Json.write(status.toNode());
                yield output.pretty() ? new byte[][] {JsonIndent.of(compact)} : new byte[][] {compact, NEWLINE};
            }
        };
    }
}
