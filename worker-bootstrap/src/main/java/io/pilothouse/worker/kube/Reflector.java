package io.pilothouse.worker.kube;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps a copy of a collection: lists, watches, and lists again when the watch can't go on. One thread of its own. */
public final class Reflector implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Reflector.class);
    private static final long MAX_WAIT_MILLIS = 10_000;
    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private final ApiClient client;
    private final String path;
    private final Consumer<List<JsonNode>> listener;
    private final Map<String, JsonNode> objects = new HashMap<>();
    private final Thread thread;
    private volatile boolean closed;

    /**
     * Starts it.
     *
     * @param path of the collection, with its query if any
     * @param listener gets all objects after each change, on this reflector's thread
     */
    public Reflector(ApiClient client, String path, Consumer<List<JsonNode>> listener) {
        this.client = client;
        this.path = path;
        this.listener = listener;
        this.thread = Thread.ofVirtual().name("reflector " + path).start(this::run);
    }

    private void run() {
        long wait = 200;
        while (!closed) {
            try {
                String version = list();
                wait = 200;
                while (!closed) {
                    version = watch(version);
                }
            } catch (IOException | RuntimeException e) {
                if (closed) {
                    return;
                }
                boolean gone = e instanceof ApiException api && api.code() == 410;
                log.atLevel(gone ? org.slf4j.event.Level.DEBUG : org.slf4j.event.Level.WARN)
                        .addKeyValue("path", path)
                        .addKeyValue("error", e.toString())
                        .log("list or watch broke off");
                if (!pause(gone ? 0 : wait)) {
                    return;
                }
                wait = Math.min(MAX_WAIT_MILLIS, wait * 2);
            }
        }
    }

    private static boolean pause(long millis) {
        try {
            Thread.sleep(millis);
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private String list() throws IOException {
        JsonNode list = client.read(path);
        objects.clear();
        list.path("items").forEach(item -> objects.put(key(item), item));
        listener.accept(List.copyOf(objects.values()));
        return list.path("metadata").path("resourceVersion").asText();
    }

    private String watch(String from) throws IOException {
        String[] version = {from};
        client.watch(path, from, event -> {
            JsonNode object = event.path("object");
            version[0] = object.path("metadata").path("resourceVersion").asText();
            switch (event.path("type").asText()) {
                case "ADDED", "MODIFIED" -> objects.put(key(object), object);
                case "DELETED" -> objects.remove(key(object));
                default -> {
                    return; // a bookmark tells nothing but the version
                }
            }
            listener.accept(List.copyOf(objects.values()));
        });
        return version[0];
    }

    private static String key(JsonNode object) {
        return object.path("metadata").path("namespace").asText() + "/"
                + object.path("metadata").path("name").asText();
    }

    @Override
    public void close() {
        closed = true;
        thread.interrupt();
        try {
            thread.join(PATIENCE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
