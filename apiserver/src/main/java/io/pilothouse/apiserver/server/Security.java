package io.pilothouse.apiserver.server;

import io.pilothouse.apiserver.authn.Authenticator;
import io.pilothouse.apiserver.authn.BootstrapTokenAuthenticator;
import io.pilothouse.apiserver.authn.ClientCertificateAuthenticator;
import io.pilothouse.apiserver.authn.FrontProxyAuthenticator;
import io.pilothouse.apiserver.authn.LegacyAccountTokens;
import io.pilothouse.apiserver.authn.LegacyTokenUse;
import io.pilothouse.apiserver.authn.PemKeys;
import io.pilothouse.apiserver.authn.ServiceAccountKeys;
import io.pilothouse.apiserver.authn.ServiceAccountTokens;
import io.pilothouse.apiserver.authn.TokenFileAuthenticator;
import io.pilothouse.apiserver.authn.TokenWebhookAuthenticator;
import io.pilothouse.apiserver.authz.Authorizer;
import io.pilothouse.apiserver.authz.ConfiguredAuthorizer;
import io.pilothouse.apiserver.authz.Decision;
import io.pilothouse.apiserver.authz.NodeAuthorizer;
import io.pilothouse.apiserver.authz.RbacAuthorizer;
import io.pilothouse.apiserver.authz.WebhookAuthorizer;
import io.pilothouse.apiserver.bootstrap.BootstrapPolicy;
import io.pilothouse.apiserver.catalog.ClusterView;
import io.pilothouse.apiserver.kubelet.KubeletClient;
import io.pilothouse.apiserver.metrics.ClientMetrics;
import io.pilothouse.apiserver.oidc.JwtAuthentication;
import io.pilothouse.apiserver.request.UserInfo;
import io.pilothouse.apiserver.webhook.WebhookClient;
import io.pilothouse.apiserver.webhook.WebhookTarget;
import io.pilothouse.http.ClientTls;
import io.pilothouse.http.Pem;
import java.io.IOException;
import java.nio.file.Path;
import java.security.PublicKey;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;

/** Puts together who authenticates and who authorizes, in upstream's order. */
final class Security {

    private Security() {}

    static ServiceAccountTokens serviceAccountTokens(ApiServerOptions options, ClusterView cluster, Clock clock)
            throws IOException {
        var signing = Objects.requireNonNull(options.serviceAccountSigningKeyFile);
        var verifying = new ArrayList<PublicKey>();
        for (var file : options.serviceAccountKeyFiles) {
            verifying.addAll(PemKeys.publicKeys(file));
        }
        var privateKey = Pem.privateKey(signing);
        var keys = new ServiceAccountKeys(privateKey, PemKeys.publicHalf(privateKey, verifying, signing), verifying);
        return new ServiceAccountTokens(
                options.serviceAccountIssuers,
                audiences(options),
                new ServiceAccountTokens.Lifetimes(
                        Durations.parse(options.serviceAccountMaxTokenExpiration), options.extendTokenExpiration),
                keys,
                cluster,
                clock);
    }

    static List<Authenticator> authenticators(
            ApiServerOptions options,
            ServiceAccountTokens tokens,
            List<Authenticator> tokenAuthenticators,
            FollowedFiles files)
            throws IOException {
        var all = new ArrayList<Authenticator>();
        var proxies = options.requestHeaderClientCaFile;
        if (proxies != null) {
            var front = new FrontProxyAuthenticator(new FrontProxyAuthenticator.Config(
                    Pem.certificates(proxies),
                    options.requestHeaderAllowedNames,
                    options.requestHeaderUsernameHeaders,
                    options.requestHeaderUidHeaders,
                    options.requestHeaderGroupHeaders,
                    options.requestHeaderExtraPrefixes));
            files.follow("front proxies' authority", List.of(proxies), () -> front.trust(Pem.certificates(proxies)));
            all.add(front);
        }
        var clients = options.clientCaFile;
        if (clients != null) {
            var certificates = new ClientCertificateAuthenticator(Pem.certificates(clients));
            files.follow("clients' authority", List.of(clients), () -> certificates.trust(Pem.certificates(clients)));
            all.add(certificates);
        }
        all.add(tokens);
        all.addAll(tokenAuthenticators);
        return all;
    }

    /** Those that read bearer tokens, but for those that this server issues itself. */
    static List<Authenticator> tokenAuthenticators(
            ApiServerOptions options,
            ServiceAccountTokens tokens,
            ClusterView cluster,
            LegacyTokenUse use,
            List<Authenticator> more,
            ClientMetrics clients,
            Clock clock)
            throws IOException {
        var all = new ArrayList<Authenticator>();
        all.add(new LegacyAccountTokens(tokens.keys(), cluster, use));
        if (options.tokenAuthFile != null) {
            all.add(TokenFileAuthenticator.load(options.tokenAuthFile));
        }
        if (options.bootstrapTokenAuth) {
            all.add(new BootstrapTokenAuthenticator(cluster, clock));
        }
        all.addAll(more);
        if (options.tokenWebhookConfig != null) {
            var webhook = new WebhookClient(WebhookTarget.load(options.tokenWebhookConfig), clients);
            all.add(new TokenWebhookAuthenticator(
                    webhook,
                    options.tokenWebhookVersion,
                    audiences(options),
                    Durations.parse(options.tokenWebhookCacheTtl)));
        }
        return all;
    }

    /** What the server shows to the servers of APIServices. */
    static Optional<ClientTls> proxyIdentity(ApiServerOptions options) throws IOException {
        var certificate = options.proxyClientCertFile;
        var key = options.proxyClientKeyFile;
        return certificate == null || key == null
                ? Optional.empty()
                : Optional.of(
                        ClientTls.trusting(List.of()).withIdentity(Pem.certificates(certificate), Pem.privateKey(key)));
    }

    /** What {@link #proxyIdentity} is read from. */
    static Optional<List<Path>> proxyIdentityFiles(ApiServerOptions options) {
        var certificate = options.proxyClientCertFile;
        var key = options.proxyClientKeyFile;
        return certificate == null || key == null ? Optional.empty() : Optional.of(List.of(certificate, key));
    }

    /** The client that speaks to kubelets; none where the server has no certificate to show them. */
    static Optional<KubeletClient> kubelets(ApiServerOptions options) throws IOException {
        var certificate = options.kubeletClientCertificate;
        var key = options.kubeletClientKey;
        if (certificate == null || key == null) {
            return Optional.empty();
        }
        var authority = options.kubeletCertificateAuthority;
        var trust = authority == null
                ? ClientTls.trusting(List.of()).unverified()
                : ClientTls.trusting(Pem.certificates(authority));
        return Optional.of(KubeletClient.of(trust.withIdentity(Pem.certificates(certificate), Pem.privateKey(key))));
    }

    /**
     * Where a request without a credential is let on: as the configuration of issuers says, else as the flag does.
     *
     * @throws IllegalArgumentException if both say something
     */
    static Predicate<String> anonymous(ApiServerOptions options, JwtAuthentication issuers) {
        var configured = issuers.anonymous();
        if (configured.isPresent()) {
            if (options.anonymousAuth != null) {
                throw new IllegalArgumentException("anonymous: Forbidden: --anonymous-auth flag cannot be set when"
                        + " anonymous field is configured in authentication configuration file");
            }
            return configured.get()::allows;
        }
        boolean allowed = options.anonymousAuth == null || options.anonymousAuth;
        return path -> allowed;
    }

    private static List<String> audiences(ApiServerOptions options) {
        return options.apiAudiences.isEmpty() ? options.serviceAccountIssuers : options.apiAudiences;
    }

    /** Who is asked besides superusers and extensions: those of the file, followed as it changes, or those of the flags. */
    static Authorizer configured(
            ApiServerOptions options,
            ClusterView cluster,
            RbacAuthorizer rbac,
            AccessMetrics metrics,
            ClientMetrics clients,
            FollowedFiles files)
            throws IOException {
        Map<String, Authorizer> own = Map.of(
                "AlwaysAllow",
                attributes -> Decision.allow(""),
                "AlwaysDeny",
                attributes -> Decision.noOpinion("Everything is forbidden."),
                "RBAC",
                rbac,
                "Node",
                new NodeAuthorizer(cluster, BootstrapPolicy.rulesOf("system:node")));
        if (options.authorizationConfig != null) {
            var configured = ConfiguredAuthorizer.open(
                    options.authorizationConfig, own, metrics::counted, clients, Durations::parse);
            files.follow("authorization configuration", List.of(options.authorizationConfig), configured::reload);
            return configured;
        }
        var all = new ArrayList<Authorizer>();
        for (String mode : options.authorizationModes.isEmpty() ? List.of("AlwaysAllow") : options.authorizationModes) {
            var known = mode.equals("Webhook") ? webhook(options, clients) : Objects.requireNonNull(own.get(mode));
            all.add(metrics.counted(mode, mode.toLowerCase(Locale.ROOT), known));
        }
        return Authorizer.inOrder(all);
    }

    static Authorizer authorizer(Authorizer configured, List<Authorizer> more) {
        var all = new ArrayList<Authorizer>();
        all.add(attributes -> attributes.user().in(UserInfo.SUPERUSERS) ? Decision.allow("") : Decision.noOpinion(""));
        all.add(configured);
        all.addAll(more);
        return Authorizer.inOrder(all);
    }

    private static Authorizer webhook(ApiServerOptions options, ClientMetrics clients) throws IOException {
        var target = WebhookTarget.load(Objects.requireNonNull(options.authorizationWebhookConfig));
        return WebhookAuthorizer.of(
                new WebhookClient(target, clients),
                options.authorizationWebhookVersion,
                new WebhookAuthorizer.Keep(
                        Durations.parse(options.authorizationWebhookAuthorizedTtl),
                        Durations.parse(options.authorizationWebhookUnauthorizedTtl)));
    }
}
