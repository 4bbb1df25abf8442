package io.pilothouse.apiserver.profiling;

import io.pilothouse.apiserver.endpoint.ApiRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.function.IntConsumer;

/** {@code /debug/flags}: a PUT to {@code /debug/flags/v} changes how much is logged, in upstream's words. */
public final class FlagsEndpoint {
    private static final String ROOT = "/debug/flags";
    private static final int LONGEST = 1024;
    private static final long MOST_UNSIGNED = 0xFFFF_FFFFL;

    private final IntConsumer verbosity;

    /** @param verbosity takes it over; may refuse with an exception that says why */
    public FlagsEndpoint(IntConsumer verbosity) {
        this.verbosity = verbosity;
    }

    /** False if the path is none of these. */
    public boolean handle(ApiRequest request) throws IOException {
        String path = request.info().path();
        if (path.equals(ROOT + "/v")) {
            if (request.method().equals("PUT")) {
                put(request);
            } else {
                answer(request, 406, "unsupported http method");
            }
            return true;
        }
        if (!path.equals(ROOT) && !path.startsWith(ROOT + "/")) {
            return false;
        }
        request.exchange()
                .respond(200, request.answerHeaders("text/html; charset=utf-8"), """
                        <html>
                        <head>
                        <title>/debug/flags/</title>
                        </head>
                        <body>
                        /debug/flags/<br>
                        <br>
                        flags:<br>
                        <table>
                        <tr>v<br>
                        </table>
                        <br>
                        full flags configurable<br>
                        </body>
                        </html>
                        """.getBytes(StandardCharsets.UTF_8));
        return true;
    }

    private void put(ApiRequest request) throws IOException {
        String text = new String(request.exchange().body(LONGEST), StandardCharsets.UTF_8);
        String told = "\"" + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n") + "\"";
        if (!text.matches("[0-9]+")) {
            answer(request, 400, "strconv.ParseUint: parsing " + told + ": invalid syntax");
        } else if (text.length() > 18 || Long.parseLong(text) > MOST_UNSIGNED) {
            answer(request, 400, "strconv.ParseUint: parsing " + told + ": value out of range");
        } else if (Long.parseLong(text) > Integer.MAX_VALUE) {
            fail(request, text, "strconv.ParseInt: parsing " + told + ": value out of range");
        } else {
            try {
                verbosity.accept(Integer.parseInt(text));
                answer(request, 200, "successfully set klog.logging.verbosity to " + text);
            } catch (UnsupportedOperationException e) {
                fail(request, text, String.valueOf(e.getMessage()));
            }
        }
    }

    private static void fail(ApiRequest request, String value, String why) throws IOException {
        answer(request, 400, "failed set klog.logging.verbosity " + value + ": " + why);
    }

    private static void answer(ApiRequest request, int code, String text) throws IOException {
        var headers = request.answerHeaders("text/plain").set("x-content-type-options", "nosniff");
        request.exchange().respond(code, headers, (text + "\n").getBytes(StandardCharsets.UTF_8));
    }
}
