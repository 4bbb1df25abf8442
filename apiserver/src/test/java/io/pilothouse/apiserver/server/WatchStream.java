package io.pilothouse.apiserver.server;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A watch that has begun. Its events are read when they are asked for. */
record WatchStream(InputStream body) implements AutoCloseable {
    /** @param path with its query, to which what makes it a watch is added */
    static WatchStream open(ApiServerFixture fixture, String path, String accept)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(
                        URI.create(fixture.url() + path + (path.contains("?") ? "&" : "?") + "watch=true"))
                .header("Authorization", "Bearer " + ApiServerFixture.TOKEN)
                .header("Accept", accept)
                .build();
        return new WatchStream(fixture.client()
                .send(request, HttpResponse.BodyHandlers.ofInputStream())
                .body());
    }

    /** The events of a JSON watch as they come, a line each. Whoever reads them so reads all of them so. */
    BufferedReader lines() {
        return new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8));
    }

    /** All frames until the server ends the stream, as text: lines, or messages of protobuf whose bytes are characters. */
    List<String> frames(boolean protobuf) {
        try {
            byte[] all = body.readAllBytes();
            if (!protobuf) {
                return new String(all, StandardCharsets.UTF_8).lines().toList();
            }
            var frames = new ArrayList<String>();
            var rest = ByteBuffer.wrap(all);
            while (rest.hasRemaining()) {
                byte[] frame = new byte[rest.getInt()];
                rest.get(frame);
                frames.add(new String(frame, StandardCharsets.ISO_8859_1));
            }
            return frames;
        } catch (IOException e) {
            throw new UncheckedIOException("the stream was broken off", e);
        }
    }

    @Override
    public void close() throws IOException {
        body.close();
    }
}
