package io.pilothouse.worker.pod;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.worker.kube.ApiClient;
import io.pilothouse.worker.kube.ApiException;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Reads config maps, secrets and services, and gives what it read last while the API server can't be reached, so that containers restart without
 * it. In memory only. Safe on any thread.
 */
final class ObjectReads {
    private static final int REMEMBERED = 2000;
    private static final int FIRST_SERVER_FAULT = 500;
    private final ApiClient client;
    private final Map<String, JsonNode> last = new LinkedHashMap<>(16, 0.75f, true);

    ObjectReads(ApiClient client) {
        this.client = client;
    }

    /** An object or a collection. */
    JsonNode read(String path) throws IOException {
        try {
            JsonNode object = client.read(path);
            remember(path, object);
            return object;
        } catch (IOException e) {
            if (e instanceof ApiException answered && answered.code() < FIRST_SERVER_FAULT) {
                forget(path);
                throw e;
            }
            JsonNode known = known(path);
            if (known == null) {
                throw e;
            }
            return known;
        }
    }

    /** An object that may not be there. */
    Optional<JsonNode> find(String path) throws IOException {
        try {
            return Optional.of(read(path));
        } catch (ApiException e) {
            if (e.code() == 404) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private synchronized void remember(String path, JsonNode object) {
        last.put(path, object);
        if (last.size() > REMEMBERED) {
            last.remove(last.keySet().iterator().next());
        }
    }

    private synchronized void forget(String path) {
        last.remove(path);
    }

    private synchronized @org.jspecify.annotations.Nullable JsonNode known(String path) {
        return last.get(path);
    }
}
