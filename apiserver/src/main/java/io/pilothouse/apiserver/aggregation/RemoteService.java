package io.pilothouse.apiserver.aggregation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.ClusterView;
import io.pilothouse.apiserver.hooks.ServiceAddress;
import io.pilothouse.http.ClientTls;
import io.pilothouse.http.ForwardClient;
import io.pilothouse.http.Headers;
import io.pilothouse.http.Pem;
import io.pilothouse.machinery.codec.DecodeException;
import io.pilothouse.machinery.codec.Json;
import io.pilothouse.machinery.meta.GroupVersion;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A group version that a service of the cluster serves, as its APIService describes it. Safe for use by many threads.
 *
 * @see <a href="https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/api-service-v1/">APIService</a>
 */
final class RemoteService {
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int ANSWER_LIMIT = 16 * 1024 * 1024;

    private final String name;
    private final JsonNode spec;
    private final boolean available;
    private final Routing routing;
    private @Nullable ForwardClient client;

    /**
     * How services are reached.
     *
     * @param identity what this server shows of itself; empty for nothing
     * @param endpoints whether a service's endpoints are called, not its cluster IP
     */
    record Routing(ClusterView cluster, Optional<ClientTls> identity, boolean endpoints) {}

    private RemoteService(String name, JsonNode spec, boolean available, Routing routing) {
        this.name = name;
        this.spec = spec;
        this.available = available;
        this.routing = routing;
    }

    static RemoteService of(ObjectNode apiService, Routing routing) {
        return new RemoteService(
                ObjectMeta.name(apiService), apiService.path("spec"), AvailableCondition.isTrue(apiService), routing);
    }

    String name() {
        return name;
    }

    GroupVersion version() {
        return new GroupVersion(
                spec.path("group").asText(""), spec.path("version").asText());
    }

    boolean available() {
        return available;
    }

    int groupPriority() {
        return spec.path("groupPriorityMinimum").asInt();
    }

    int versionPriority() {
        return spec.path("versionPriority").asInt();
    }

    String serviceName() {
        return spec.path("service").path("name").asText();
    }

    String serviceNamespace() {
        return spec.path("service").path("namespace").asText();
    }

    int port() {
        return spec.path("service").path("port").asInt(443);
    }

    /** Where all that the service serves of this version lies. */
    String root() {
        return "/apis/" + version().apiVersion();
    }

    /** The name that its certificate must have. */
    String host() {
        return serviceName() + "." + serviceNamespace() + ".svc";
    }

    /** Whether the two are reached in the same way. */
    boolean sameAs(RemoteService other) {
        return spec.equals(other.spec) && available == other.available && routing == other.routing;
    }

    /** @throws IOException with upstream's words if the service has nothing to be reached at */
    InetSocketAddress address() throws IOException {
        var reference = spec.path("service");
        var found = routing.endpoints()
                ? ServiceAddress.of(reference, routing.cluster())
                : ServiceAddress.ofCluster(reference, routing.cluster());
        return new InetSocketAddress(found.host(), found.port());
    }

    /** @throws IOException if the bundle of authorities cannot be used */
    synchronized ForwardClient client() throws IOException {
        var known = client;
        if (known == null) {
            known = new ForwardClient(tls(), TIMEOUT);
            client = known;
        }
        return known;
    }

    JsonNode fetch(String target) throws IOException {
        return fetch(address(), target);
    }

    /**
     * What the server answers to this one.
     *
     * @throws BadStatusException if it is no success
     */
    JsonNode fetch(InetSocketAddress address, String target) throws IOException {
        Headers headers = ProxyIdentity.self().set("Accept", "application/json");
        try (var answer = client().send(address, host(), "GET", target, headers, Optional.empty(), 0)) {
            if (answer.status() < 200 || answer.status() > 299) {
                throw new BadStatusException(answer.status());
            }
            return Json.tree(answer.body().readNBytes(ANSWER_LIMIT));
        } catch (DecodeException e) {
            // What it serves is its own business; that it answers is what counts.
            return MissingNode.getInstance();
        }
    }

    private ClientTls tls() throws IOException {
        String bundle = spec.path("caBundle").asText("");
        var tls = bundle.isEmpty()
                ? ClientTls.trusting(List.of())
                : ClientTls.trusting(Pem.certificates(Base64.getDecoder().decode(bundle), "caBundle"));
        if (routing.identity().isPresent()) {
            var identity = routing.identity().get();
            tls = tls.withIdentity(identity.chain(), identity.key().orElseThrow());
        }
        return spec.path("insecureSkipTLSVerify").asBoolean() ? tls.unverified() : tls;
    }
}
