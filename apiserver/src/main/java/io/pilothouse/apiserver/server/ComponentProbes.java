package io.pilothouse.apiserver.server;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.ServedVersion;
import io.pilothouse.apiserver.endpoint.ActionSupport;
import io.pilothouse.apiserver.endpoint.ApiRequest;
import io.pilothouse.apiserver.endpoint.ResourceDispatcher.Action;
import io.pilothouse.apiserver.kinds.core.ComponentStatuses;
import io.pilothouse.http.ClientTls;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.status.StatusException;
import io.pilothouse.storage.EtcdStore;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/** Asks the parts of the control plane how they are, where upstream's API server looks for them. */
final class ComponentProbes implements Action {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int FIRST_REFUSING_STATUS = 400;

    private final Map<String, Supplier<ObjectNode>> probes = new TreeMap<>();

    ComponentProbes(EtcdStore etcd) {
        probes.put("controller-manager", () -> ask("controller-manager", "127.0.0.1:10257"));
        probes.put("scheduler", () -> ask("scheduler", "127.0.0.1:10259"));
        probes.put("etcd-0", () -> ask(etcd));
    }

    @Override
    public void handle(ApiRequest request, ResourceDefinition definition, ServedVersion version) throws IOException {
        String name = request.info().name();
        if (name.isEmpty()) {
            var all = new ArrayList<ObjectNode>();
            probes.values().forEach(probe -> all.add(probe.get()));
            ActionSupport.respondList(request, definition, version, all);
            return;
        }
        var probe = probes.get(name);
        if (probe == null) {
            throw StatusException.notFound(new GroupResource("", "componentstatus"), name);
        }
        ActionSupport.respondObject(request, definition, version, probe.get());
    }

    /** One for each time: next to nobody asks, and a client is a thread and a TLS context. */
    private static HttpClient client() throws IOException {
        return HttpClient.newBuilder()
                .sslContext(ClientTls.trusting(List.of()).unverified().context())
                .connectTimeout(PATIENCE)
                .build();
    }

    private ObjectNode ask(String name, String address) {
        var uri = URI.create("https://" + address + "/healthz");
        try (var client = client()) {
            var answer =
                    client.send(HttpRequest.newBuilder(uri).timeout(PATIENCE).build(), BodyHandlers.ofString());
            boolean well = answer.statusCode() < FIRST_REFUSING_STATUS;
            String refusal = "HTTP probe failed with statuscode: " + answer.statusCode();
            return ComponentStatuses.of(name, well, well ? answer.body() : refusal, "");
        } catch (ConnectException e) {
            return unreachable(name, uri, "dial tcp " + address + ": connect: connection refused");
        } catch (IOException e) {
            return unreachable(name, uri, String.valueOf(e.getMessage()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return unreachable(name, uri, "interrupted");
        }
    }

    private static ObjectNode unreachable(String name, URI uri, String why) {
        return ComponentStatuses.of(name, false, "Get \"" + uri + "\": " + why, "");
    }

    private static ObjectNode ask(EtcdStore etcd) {
        try {
            etcd.linearizableRevision();
            return ComponentStatuses.of("etcd-0", true, "ok", "");
        } catch (RuntimeException e) {
            return ComponentStatuses.of("etcd-0", false, "", String.valueOf(e.getMessage()));
        }
    }
}
