package io.pilothouse.controllers.identity;

import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.impl.KubernetesClientImpl;
import io.fabric8.kubernetes.client.utils.TokenRefreshInterceptor;
import java.time.Clock;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Gives each controller the identity of its own service account in kube-system, as {@code --use-service-account-credentials} means; the bootstrap
 * policy grants each what it needs. All share one pool of connections, which presents no client certificate.
 */
public final class AccountClients implements ControllerClients {
    private final KubernetesClient issuer;
    private final KubernetesClient nobody;
    private final Clock clock;
    private final ExecutorService tasks = Executors.newVirtualThreadPerTaskExecutor();
    private final Map<String, KubernetesClient> clients = new ConcurrentHashMap<>();

    /**
     * Clients for the API server that {@code issuer} talks to.
     *
     * @param issuer makes the accounts and their tokens; stays the caller's
     */
    public AccountClients(KubernetesClient issuer, Clock clock) {
        this.issuer = issuer;
        this.clock = clock;
        this.nobody = new KubernetesClientBuilder()
                .withConfig(withoutCredentials(issuer.getConfiguration()))
                .withKubernetesSerialization(issuer.getKubernetesSerialization())
                .build();
    }

    private static Config withoutCredentials(Config config) {
        return new ConfigBuilder(config)
                .withClientCertFile(null)
                .withClientCertData(null)
                .withClientKeyFile(null)
                .withClientKeyData(null)
                .withOauthToken(null)
                .withAutoOAuthToken(null)
                .withOauthTokenProvider(null)
                .withUsername(null)
                .withPassword(null)
                .withAuthProvider(null)
                .build();
    }

    @Override
    public KubernetesClient of(String account) {
        return clients.computeIfAbsent(account, this::make);
    }

    private KubernetesClient make(String account) {
        var http = nobody.getHttpClient()
                .newBuilder()
                .addOrReplaceInterceptor(
                        TokenRefreshInterceptor.NAME, new BearerTokens(new AccountTokens(issuer, account, clock)))
                .build();
        return new KubernetesClientImpl(
                http, nobody.getConfiguration(), () -> tasks, nobody.getKubernetesSerialization());
    }

    @Override
    public void close() {
        // The accounts' clients are views of this one.
        nobody.close();
        tasks.close();
    }
}
