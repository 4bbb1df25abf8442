package io.pilothouse.apiserver.profiling;

import io.pilothouse.apiserver.endpoint.ApiRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/**
 * {@code /debug/pprof}: profiles of this process in pprof's form, as Go's servers have them, as far as a virtual machine knows the same. Which
 * thread holds up which, and traces of Go's scheduler, are unknown profiles. Like upstream, it does not tell the command line.
 */
public final class ProfilingEndpoint {
    private static final String ROOT = "/debug/pprof";
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final long DEFAULT_SECONDS = 30;
    /** Whoever holds a connection open holds the recorder: not longer than that. */
    private static final long MOST_SECONDS = 3600;

    private final CpuProfile cpu;
    private final HeapProfile heap;
    private final ThreadProfile threads;

    public ProfilingEndpoint(Clock clock) {
        this.cpu = new CpuProfile(clock);
        this.heap = new HeapProfile(clock);
        this.threads = new ThreadProfile(clock);
    }

    /** False if the path is none of these. */
    public boolean handle(ApiRequest request) throws IOException {
        String path = request.info().path();
        if (path.equals(ROOT)) {
            var headers = request.answerHeaders("text/html; charset=utf-8").set("location", ROOT + "/");
            request.exchange().respond(302, headers, bytes("<a href=\"" + ROOT + "/\">Found</a>.\n\n"));
            return true;
        }
        if (!path.startsWith(ROOT + "/")) {
            return false;
        }
        switch (path.substring(ROOT.length() + 1)) {
            case "" -> answer(request, 200, "text/html; charset=utf-8", bytes(index()));
            case "profile" -> profile(request);
            case "heap" -> heap(request);
            case "goroutine" -> threads(request);
            // Profiles come with their names: there are no addresses to look up.
            case "symbol" -> answer(request, 200, TEXT, bytes("num_symbols: 0\n"));
            default -> refuse(request, 404, "Unknown profile");
        }
        return true;
    }

    private String index() throws IOException {
        return """
                <html>
                <head><title>/debug/pprof/</title></head>
                <body>
                /debug/pprof/<br>
                <br>
                <table>
                <tr><td>Count</td><td>Profile</td></tr>
                <tr><td>%d</td><td><a href="goroutine?debug=1">goroutine</a>: where threads are, platform and virtual</td></tr>
                <tr><td></td><td><a href="heap?debug=1">heap</a>: what the heap holds, by class; gc=1 collects first</td></tr>
                <tr><td></td><td><a href="profile">profile</a>: where threads run, for 30 seconds or seconds=N</td></tr>
                </table>
                <br><a href="goroutine?debug=2">full goroutine stack dump</a><br>
                </body>
                </html>
                """.formatted(threads.count());
    }

    private void profile(ApiRequest request) throws IOException {
        long seconds = number(request, "seconds");
        var ended = new CountDownLatch(1);
        request.exchange().onDisconnect(ended::countDown);
        try {
            var duration = Duration.ofSeconds(Math.min(seconds > 0 ? seconds : DEFAULT_SECONDS, MOST_SECONDS));
            download(request, "profile", cpu.take(duration, ended));
        } catch (CpuProfile.BusyException e) {
            refuse(request, 500, "Could not enable CPU profiling: " + e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IOException("ended while a profile was taken", e);
        }
    }

    private void heap(ApiRequest request) throws IOException {
        if (!request.query().first("seconds").isEmpty()) {
            noDifferences(request);
            return;
        }
        boolean collect = number(request, "gc") > 0;
        if (number(request, "debug") > 0) {
            answer(request, 200, TEXT, bytes(heap.text(collect)));
        } else {
            download(request, "heap", heap.profile(collect));
        }
    }

    private void threads(ApiRequest request) throws IOException {
        if (!request.query().first("seconds").isEmpty()) {
            noDifferences(request);
            return;
        }
        long debug = number(request, "debug");
        if (debug <= 0) {
            download(request, "goroutine", threads.profile());
        } else {
            answer(request, 200, TEXT, bytes(debug == 1 ? threads.counts() : threads.stacks()));
        }
    }

    private static void noDifferences(ApiRequest request) throws IOException {
        refuse(request, 400, "\"seconds\" parameter is not supported for this profile type");
    }

    private static long number(ApiRequest request, String name) {
        try {
            return Long.parseLong(request.query().first(name));
        } catch (NumberFormatException e) {
            return 0; // as Go takes it
        }
    }

    private static void refuse(ApiRequest request, int code, String text) throws IOException {
        var headers = request.answerHeaders(TEXT).set("x-content-type-options", "nosniff");
        request.exchange().respond(code, headers.set("x-go-pprof", "1"), bytes(text + "\n"));
    }

    private static void download(ApiRequest request, String name, byte[] profile) throws IOException {
        var headers = request.answerHeaders("application/octet-stream").set("x-content-type-options", "nosniff");
        request.exchange()
                .respond(200, headers.set("content-disposition", "attachment; filename=\"" + name + "\""), profile);
    }

    private static void answer(ApiRequest request, int code, String type, byte[] body) throws IOException {
        request.exchange().respond(code, request.answerHeaders(type).set("x-content-type-options", "nosniff"), body);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
