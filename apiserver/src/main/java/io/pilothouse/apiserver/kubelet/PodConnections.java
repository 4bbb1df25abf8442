package io.pilothouse.apiserver.kubelet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.authz.Attributes;
import io.pilothouse.apiserver.authz.Authorizer;
import io.pilothouse.apiserver.catalog.ClusterView;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.endpoint.ApiRequest;
import io.pilothouse.apiserver.registry.Refusals;
import io.pilothouse.apiserver.request.Query;
import io.pilothouse.http.Exchange;
import io.pilothouse.http.Headers;
import io.pilothouse.http.UpgradeException;
import io.pilothouse.http.streams.CommandBridge;
import io.pilothouse.http.streams.CommandClient;
import io.pilothouse.http.streams.CommandOptions;
import io.pilothouse.http.streams.CommandServer;
import io.pilothouse.http.streams.UpgradeProxy;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.meta.ObjectMeta;
import io.pilothouse.machinery.status.StatusException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Connects clients to the kubelet of a pod's node: log, exec, attach and port forwarding. */
public final class PodConnections {
    private static final GroupResource PODS = new GroupResource("", "pods");
    private static final GroupResource NODES = new GroupResource("", "nodes");
    private static final int COPY_BYTES = 16 * 1024;

    private final ClusterView cluster;
    private final Optional<KubeletClient> kubelets;
    private final List<String> addressTypes;
    private final Authorizer authorizer;

    /**
     * @param kubelets empty where no client certificate is configured: connections are refused then
     * @param addressTypes the kinds of node addresses, best first
     * @param authorizer asked again where a connection begins with reading
     */
    public PodConnections(
            ClusterView cluster, Optional<KubeletClient> kubelets, List<String> addressTypes, Authorizer authorizer) {
        this.authorizer = authorizer;
        this.cluster = cluster;
        this.kubelets = kubelets;
        this.addressTypes = List.copyOf(addressTypes);
    }

    public void handle(ApiRequest request, ResourceDefinition definition) throws IOException {
        if (!definition.groupResource().equals(PODS)) {
            throw Refusals.noSuchResource();
        }
        var info = request.info();
        if (request.query().has("dryRun")) {
            throw StatusException.badRequest("dryRun is not supported");
        }
        if (info.subresource().equals("log")) {
            LogOptions.check(request.query(), info.name());
        } else {
            requireMayCreate(request);
        }
        var pod = cluster.findNow(PODS, info.namespace(), info.name())
                .orElseThrow(() -> StatusException.notFound(PODS, info.name()));
        switch (info.subresource()) {
            case "log" -> log(request, pod);
            case "exec", "attach" -> command(request, pod, info.subresource());
            case "portforward" -> forward(request, pod);
            default -> throw Refusals.noSuchResource();
        }
    }

    /** A WebSocket begins with a GET, but what goes on over it takes more than the right to read. */
    private void requireMayCreate(ApiRequest request) {
        var info = request.info();
        if (info.verb().equals("create")) {
            return;
        }
        var decision = authorizer.authorize(Attributes.resource(
                request.user(),
                "create",
                info.group(),
                info.resource(),
                info.subresource(),
                info.namespace(),
                info.name()));
        if (!decision.allowed()) {
            throw StatusException.forbidden(PODS, info.name(), decision.reason());
        }
    }

    private KubeletClient client() {
        return kubelets.orElseThrow(
                () -> StatusException.internalError(
                        "this server has no kubelet client certificate (--kubelet-client-certificate): it cannot reach kubelets"));
    }

    private void log(ApiRequest request, ObjectNode pod) throws IOException {
        String container = container(pod, request.query().first("container"));
        String nodeName = pod.path("spec").path("nodeName").asText("");
        if (nodeName.isEmpty()) {
            request.exchange().respond(204, request.answerHeaders("").remove("content-type"));
            return;
        }
        var target = "/containerLogs/" + ObjectMeta.namespace(pod) + "/" + ObjectMeta.name(pod) + "/" + container
                + LogOptions.query(request.query());
        try {
            var answer = client().get(address(nodeName), target);
            try (var body = answer.body();
                    var stream = request.exchange().startStream(answer.statusCode(), logHeaders(request))) {
                stream.flush();
                byte[] buffer = new byte[COPY_BYTES];
                for (int count = body.read(buffer); count >= 0; count = body.read(buffer)) {
                    stream.write(Arrays.copyOf(buffer, count));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw StatusException.serviceUnavailable("the server is shutting down");
        } catch (IOException e) {
            if (request.exchange().responded()) {
                throw e;
            }
            throw StatusException.internalError(
                    "the kubelet of node " + nodeName + " does not answer: " + e.getMessage());
        }
    }

    private static Headers logHeaders(ApiRequest request) {
        return request.answerHeaders("text/plain");
    }

    private KubeletAddress address(String nodeName) {
        var node = cluster.find(NODES, "", nodeName).orElseThrow(() -> StatusException.notFound(NODES, nodeName));
        return KubeletAddress.of(node, addressTypes);
    }

    /** The container that is meant: the one that is named, or the only one. */
    private static String container(ObjectNode pod, String asked) {
        var names = new ArrayList<String>();
        for (String part : List.of("initContainers", "containers", "ephemeralContainers")) {
            pod.path("spec").path(part).forEach(c -> names.add(c.path("name").asText()));
        }
        String name = ObjectMeta.name(pod);
        if (!asked.isEmpty()) {
            if (!names.contains(asked)) {
                throw StatusException.badRequest("container " + asked + " is not valid for pod " + name);
            }
            return asked;
        }
        JsonNode containers = pod.path("spec").path("containers");
        if (containers.size() == 1) {
            return containers.get(0).path("name").asText();
        }
        throw StatusException.badRequest("a container name must be specified for pod " + name + ", choose one of: ["
                + String.join(" ", names) + "]");
    }

    private void command(ApiRequest request, ObjectNode pod, String what) throws IOException {
        String container = container(pod, request.query().first("container"));
        String nodeName = assigned(pod);
        var options = CommandOptions.fromQuery(request.exchange().rawQuery());
        String target = "/" + what + "/" + ObjectMeta.namespace(pod) + "/" + ObjectMeta.name(pod) + "/" + container
                + streamQuery(request.query(), what);
        var address = address(nodeName);
        var server = new InetSocketAddress(address.host(), address.port());
        try {
            CommandClient kubelet = connect(address, server, target, options, nodeName);
            try (CommandServer client = CommandServer.accept(request.exchange(), options)) {
                CommandBridge.run(client, kubelet);
            }
        } catch (UpgradeException e) {
            if (request.exchange().responded()) {
                throw e;
            }
            throw StatusException.badRequest(String.valueOf(e.getMessage()));
        }
    }

    private CommandClient connect(
            KubeletAddress address, InetSocketAddress server, String target, CommandOptions options, String nodeName) {
        try {
            return CommandClient.connect(client().upgrades(), server, address.host(), target, options, 4);
        } catch (UpgradeException e) {
            throw StatusException.internalError("the kubelet of node " + nodeName + " refuses: " + e.getMessage());
        } catch (IOException e) {
            throw StatusException.internalError(
                    "the kubelet of node " + nodeName + " does not answer: " + e.getMessage());
        }
    }

    /** The parameters as a kubelet reads them. */
    private static String streamQuery(Query query, String what) {
        var out = new StringBuilder();
        if (what.equals("exec")) {
            query.all("command").forEach(c -> add(out, "command", c));
        }
        for (String flag : List.of("stdin", "stdout", "stderr", "tty")) {
            if (query.has(flag)
                    && !query.first(flag).equals("false")
                    && !query.first(flag).equals("0")) {
                add(
                        out,
                        flag.equals("stdin")
                                ? "input"
                                : flag.equals("tty") ? "tty" : flag.equals("stdout") ? "output" : "error",
                        "1");
            }
        }
        return out.toString();
    }

    static void add(StringBuilder out, String key, String value) {
        out.append(out.isEmpty() ? '?' : '&')
                .append(key)
                .append('=')
                .append(URLEncoder.encode(value, StandardCharsets.UTF_8));
    }

    private void forward(ApiRequest request, ObjectNode pod) throws IOException {
        String nodeName = assigned(pod);
        var address = address(nodeName);
        String target = "/portForward/" + ObjectMeta.namespace(pod) + "/" + ObjectMeta.name(pod);
        if (request.query().has("ports")) {
            var ports = new StringBuilder();
            request.query().all("ports").forEach(p -> add(ports, "port", p));
            target += ports;
        }
        Exchange exchange = request.exchange();
        try {
            UpgradeProxy.run(
                    exchange,
                    client().upgrades(),
                    new InetSocketAddress(address.host(), address.port()),
                    address.host(),
                    target,
                    new Headers());
        } catch (IOException e) {
            if (exchange.responded()) {
                throw e;
            }
            throw StatusException.internalError(
                    "the kubelet of node " + nodeName + " does not answer: " + e.getMessage());
        }
    }

    private static String assigned(ObjectNode pod) {
        String node = pod.path("spec").path("nodeName").asText("");
        if (node.isEmpty()) {
            throw StatusException.badRequest("pod " + ObjectMeta.name(pod) + " does not have a host assigned");
        }
        return node;
    }
}
