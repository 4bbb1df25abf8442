package io.pilothouse.apiserver.proxy;

import io.pilothouse.apiserver.catalog.ClusterView;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.endpoint.ApiRequest;
import io.pilothouse.apiserver.kubelet.KubeletClient;
import io.pilothouse.http.ClientTls;
import io.pilothouse.http.OriginClient;
import io.pilothouse.machinery.status.StatusException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** The proxy subresources of pods, services and nodes. Safe for use by many threads. */
public final class ProxyConnections {
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(30);
    /** Where a name in a path ends and the path at the other server begins. */
    private static final int PATH_FROM = 3;

    private final ProxyTargets targets;
    private final OriginClient plain;
    private final OriginClient secure;
    private final OriginClient kubelets;

    /**
     * @param kubelets empty where no client certificate is configured: kubelets are then asked without one
     * @param addressTypes the kinds of node addresses, best first
     */
    public ProxyConnections(
            ClusterView cluster, Optional<KubeletClient> kubelets, List<String> addressTypes, RandomGenerator random) {
        this.targets = new ProxyTargets(cluster, List.copyOf(addressTypes), random);
        this.plain = new OriginClient(Optional.empty(), CONNECT_TIMEOUT);
        // Pods' and services' certificates are theirs; upstream does not check them either.
        this.secure = new OriginClient(Optional.of(ClientTls.trusting(List.of()).unverified()), CONNECT_TIMEOUT);
        this.kubelets = kubelets.map(KubeletClient::origin).orElse(secure);
    }

    /** @throws StatusException for what cannot be reached */
    public void handle(ApiRequest request, ResourceDefinition definition) throws IOException {
        if (request.query().has("dryRun")) {
            throw StatusException.badRequest("dryRun is not supported");
        }
        var info = request.info();
        var target = targets.find(definition.plural(), info.namespace(), info.name());
        var client = target.kubelet() ? kubelets : target.scheme().equals("https") ? secure : plain;
        new ReverseProxy(request, target, client).run(UrlPath.joinKeepingSlash("", path(request)));
    }

    private static String path(ApiRequest request) {
        var parts = request.info().parts();
        String path = parts.size() > PATH_FROM ? "/" + String.join("/", parts.subList(PATH_FROM, parts.size())) : "";
        return request.info().path().endsWith("/") ? path + "/" : path;
    }
}
