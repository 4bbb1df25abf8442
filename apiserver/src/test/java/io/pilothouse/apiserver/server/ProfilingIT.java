package io.pilothouse.apiserver.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.UnknownFieldSet;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Profiles in pprof's form, and the flag that can be changed. */
class ProfilingIT {
    @TempDir
    Path directory;

    private static HttpResponse<byte[]> bytes(ApiServerFixture fixture, String path) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(fixture.url() + path))
                .header("Authorization", "Bearer " + ApiServerFixture.TOKEN);
        return fixture.client().send(request.build(), BodyHandlers.ofByteArray());
    }

    private static List<String> strings(HttpResponse<byte[]> answer) throws Exception {
        assertThat(answer.statusCode()).isEqualTo(200);
        var zipped = new GZIPInputStream(new ByteArrayInputStream(answer.body()));
        return UnknownFieldSet.parseFrom(zipped.readAllBytes()).getField(6).getLengthDelimitedList().stream()
                .map(ByteString::toStringUtf8)
                .toList();
    }

    @Test
    void profilesAreTakenAndTheUnknownIsRefused() throws Exception {
        try (var fixture = new ApiServerFixture(directory)) {
            var cpu = bytes(fixture, "/debug/pprof/profile?seconds=1");
            assertThat(strings(cpu)).startsWith("").contains("samples", "cpu", "nanoseconds");
            assertThat(cpu.headers().firstValue("content-disposition")).contains("attachment; filename=\"profile\"");
            assertThat(strings(bytes(fixture, "/debug/pprof/heap?gc=1"))).contains("inuse_space", "java.lang.String");
            assertThat(strings(bytes(fixture, "/debug/pprof/goroutine")))
                    .contains("goroutine", "java.lang.Object.wait0");
            assertThat(fixture.send("GET", "/debug/pprof/heap?debug=1", "").body())
                    .contains("java.lang.String");
            assertThat(fixture.send("GET", "/debug/pprof/goroutine?debug=1", "").body())
                    .startsWith("goroutine profile: total ");
            assertThat(fixture.send("GET", "/debug/pprof/goroutine?debug=2", "").body())
                    .contains(", virtual]: crd-registration-watch")
                    .contains(", platform]: main");
            assertThat(fixture.send("GET", "/debug/pprof/", "").body()).contains("full goroutine stack dump");
            assertThat(fixture.send("GET", "/debug/pprof", "").statusCode()).isEqualTo(302);
            for (String unknown : List.of("mutex", "cmdline", "trace")) {
                var answer = fixture.send("GET", "/debug/pprof/" + unknown, "");
                assertThat(answer.statusCode()).isEqualTo(404);
                assertThat(answer.body()).isEqualTo("Unknown profile\n");
            }
            assertThat(fixture.send("GET", "/debug/pprof/heap?seconds=1", "").statusCode())
                    .isEqualTo(400);
            flags(fixture);
            strangersAreKeptOut(fixture);
        }
    }

    private static void flags(ApiServerFixture fixture) throws Exception {
        assertThat(fixture.send("GET", "/debug/flags", "").body()).contains("<tr>v<br>");
        var read = fixture.send("GET", "/debug/flags/v", "");
        assertThat(read.statusCode()).isEqualTo(406);
        assertThat(read.body()).isEqualTo("unsupported http method\n");
        assertThat(fixture.send("PUT", "/debug/flags/v", "x").body())
                .isEqualTo("strconv.ParseUint: parsing \"x\": invalid syntax\n");
        // A test's log has no verbosity; the program's has.
        assertThat(fixture.send("PUT", "/debug/flags/v", "4").statusCode()).isEqualTo(400);
    }

    private static void strangersAreKeptOut(ApiServerFixture fixture) throws Exception {
        for (String path : List.of("/debug/pprof/goroutine", "/debug/flags/v")) {
            assertThat(fixture.send("GET", path, "", "Authorization", "Bearer plain-token")
                            .statusCode())
                    .isEqualTo(403);
        }
    }

    @Test
    void withoutProfilingThereIsNothing() throws Exception {
        try (var fixture = new ApiServerFixture(directory, "--profiling=false")) {
            for (String path : List.of("/debug/pprof/", "/debug/pprof/profile", "/debug/flags/v")) {
                assertThat(fixture.send("GET", path, "").statusCode()).isEqualTo(404);
            }
            assertThat(fixture.send("DELETE", "/metrics", "").body()).contains("process_start_time_seconds");
        }
    }
}
