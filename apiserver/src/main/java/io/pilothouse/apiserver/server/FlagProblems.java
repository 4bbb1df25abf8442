package io.pilothouse.apiserver.server;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is wrong with a server's flags, each of which could be read: values that aren't supported, and flags that don't go together. */
final class FlagProblems {
    /** Leaves etcd as many again. */
    private static final long MOST_OFFSET = 1L << 62;

    private final ApiServerOptions options;
    private final List<String> problems = new ArrayList<>();

    FlagProblems(ApiServerOptions options) {
        this.options = options;
    }

    /** All of it together; empty where nothing is. */
    List<String> all() {
        if (!options.etcdPrefix.equals("/registry")) {
            problems.add("--etcd-prefix: only /registry is supported, not " + options.etcdPrefix);
        }
        if (options.etcdRevisionOffset < 0 || options.etcdRevisionOffset > MOST_OFFSET) {
            problems.add(
                    "--etcd-revision-offset: " + options.etcdRevisionOffset + " is not between 0 and " + MOST_OFFSET);
        }
        pairs();
        problems.addAll(options.admission().problems());
        duration("--event-ttl", options.eventTtl);
        duration("--authentication-token-webhook-cache-ttl", options.tokenWebhookCacheTtl);
        duration("--etcd-compaction-interval", options.etcdCompactionInterval);
        duration("--shutdown-delay-duration", options.shutdownDelay);
        duration("--request-timeout", options.requestTimeout);
        if (options.minRequestTimeoutSeconds < 0) {
            problems.add("--min-request-timeout can not be negative value");
        }
        options.audit.check(problems);
        limits();
        serviceAccounts();
        for (String mode : options.authorizationModes) {
            if (!List.of("AlwaysAllow", "AlwaysDeny", "Node", "RBAC", "Webhook").contains(mode)) {
                problems.add("--authorization-mode: " + mode
                        + " is not supported; supported are AlwaysAllow, AlwaysDeny, Node, RBAC and Webhook");
            }
        }
        options.oidc.check(problems);
        options.serving.check(problems);
        authorizationWebhook();
        if (!List.of("lease", "none").contains(options.endpointReconcilerType)) {
            problems.add("--endpoint-reconciler-type: " + options.endpointReconcilerType
                    + " is not supported; supported are lease and none");
        }
        if (!List.of("v1", "v1beta1").contains(options.tokenWebhookVersion)) {
            problems.add("--authentication-token-webhook-version: " + options.tokenWebhookVersion
                    + " is neither v1 nor v1beta1");
        }
        return problems;
    }

    private void pairs() {
        together("--etcd-certfile", options.etcdCertFile, "--etcd-keyfile", options.etcdKeyFile);
        together("--tls-cert-file", options.tlsCertFile, "--tls-private-key-file", options.tlsPrivateKeyFile);
        together(
                "--proxy-client-cert-file",
                options.proxyClientCertFile,
                "--proxy-client-key-file",
                options.proxyClientKeyFile);
        together(
                "--kubelet-client-certificate",
                options.kubeletClientCertificate,
                "--kubelet-client-key",
                options.kubeletClientKey);
    }

    private void limits() {
        if (options.maxRequests < 0) {
            problems.add("--max-requests-inflight can not be negative value");
        }
        if (options.maxMutatingRequests < 0) {
            problems.add("--max-mutating-requests-inflight can not be negative value");
        }
        if (options.priorityAndFairness && options.maxRequests + options.maxMutatingRequests <= 0) {
            problems.add("--max-requests-inflight and --max-mutating-requests-inflight cannot both be 0 with"
                    + " --enable-priority-and-fairness");
        }
    }

    private void serviceAccounts() {
        if (duration("--service-account-max-token-expiration", options.serviceAccountMaxTokenExpiration)) {
            var longest = Durations.parse(options.serviceAccountMaxTokenExpiration);
            if (!longest.isZero()
                    && (longest.compareTo(Duration.ofHours(1)) < 0
                            || longest.compareTo(Duration.ofSeconds(1L << 32)) > 0)) {
                problems.add("--service-account-max-token-expiration must be between 1 hour and 2^32 seconds, not "
                        + options.serviceAccountMaxTokenExpiration);
            }
        }
        jwksUri();
        if (options.serviceAccountIssuers.isEmpty()) {
            problems.add("--service-account-issuer is required");
        }
        if (options.serviceAccountSigningKeyFile == null) {
            problems.add("--service-account-signing-key-file is required");
        }
    }

    private void jwksUri() {
        if (options.serviceAccountJwksUri.isEmpty()) {
            return;
        }
        try {
            if (!"https".equals(new URI(options.serviceAccountJwksUri).getScheme())) {
                problems.add(
                        "service-account-jwks-uri requires https scheme, parsed as: " + options.serviceAccountJwksUri);
            }
        } catch (URISyntaxException e) {
            problems.add("service-account-jwks-uri must be a valid URL: " + e.getMessage());
        }
    }

    private void authorizationWebhook() {
        if (options.authorizationConfig != null
                && (!options.authorizationModes.isEmpty() || options.authorizationWebhookConfig != null)) {
            problems.add("--authorization-config can not be specified when --authorization-mode or"
                    + " --authorization-webhook-* flags are defined");
        }
        boolean asked = options.authorizationModes.contains("Webhook");
        if (asked && options.authorizationWebhookConfig == null) {
            problems.add("authorization-mode Webhook's authorization config file not passed");
        }
        if (!asked && options.authorizationWebhookConfig != null) {
            problems.add("cannot specify --authorization-webhook-config-file without mode Webhook");
        }
        if (!List.of("v1", "v1beta1").contains(options.authorizationWebhookVersion)) {
            problems.add("--authorization-webhook-version: " + options.authorizationWebhookVersion
                    + " is neither v1 nor v1beta1");
        }
        duration("--authorization-webhook-cache-authorized-ttl", options.authorizationWebhookAuthorizedTtl);
        duration("--authorization-webhook-cache-unauthorized-ttl", options.authorizationWebhookUnauthorizedTtl);
    }

    private boolean duration(String flag, String value) {
        try {
            Durations.parse(value);
            return true;
        } catch (IllegalArgumentException e) {
            problems.add(flag + ": " + e.getMessage());
            return false;
        }
    }

    private void together(String one, @Nullable Path first, String other, @Nullable Path second) {
        if ((first == null) != (second == null)) {
            problems.add(one + " and " + other + " go together");
        }
    }
}
