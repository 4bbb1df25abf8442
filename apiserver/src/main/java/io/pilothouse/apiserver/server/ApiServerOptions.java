package io.pilothouse.apiserver.server;

import io.pilothouse.apiserver.admission.AdmissionChoice;
import io.pilothouse.apiserver.authz.ConfiguredAuthorizer;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The flags of kube-apiserver that are supported, with upstream's names and defaults. Filled by the command line, then only read. */
public final class ApiServerOptions {
    @Option(names = "--etcd-servers", split = ",", required = true, description = "etcd's client URLs")
    List<String> etcdServers = new ArrayList<>();

    @Option(names = "--etcd-cafile")
    @Nullable
    Path etcdCaFile;

    @Option(names = "--etcd-certfile")
    @Nullable
    Path etcdCertFile;

    @Option(names = "--etcd-keyfile")
    @Nullable
    Path etcdKeyFile;

    @Option(names = "--etcd-prefix", defaultValue = "/registry", description = "only /registry is supported")
    String etcdPrefix;

    @Option(names = "--etcd-compaction-interval", defaultValue = "5m", description = "0 turns compaction off")
    String etcdCompactionInterval;

    @Option(names = "--encryption-provider-config", description = "an EncryptionConfiguration")
    @Nullable
    Path encryptionConfig;

    @Option(
            names = "--encryption-provider-config-automatic-reload",
            arity = "0..1",
            defaultValue = "false",
            fallbackValue = "true")
    boolean encryptionReload;

    @Option(names = "--event-ttl", defaultValue = "1h")
    String eventTtl;

    @Option(names = "--secure-port", defaultValue = "6443", description = "0 picks a free port")
    int securePort;

    @Option(names = "--bind-address", defaultValue = "127.0.0.1")
    String bindAddress;

    @Option(
            names = "--advertise-address",
            description =
                    "what the kubernetes service's endpoints say; default: the bind address, unless it is loopback")
    String advertiseAddress = "";

    @Option(names = "--endpoint-reconciler-type", defaultValue = "lease", description = "lease or none")
    String endpointReconcilerType;

    @Option(names = "--tls-cert-file")
    @Nullable
    Path tlsCertFile;

    @Option(names = "--tls-private-key-file")
    @Nullable
    Path tlsPrivateKeyFile;

    @Option(names = "--cert-dir", description = "where a self-signed certificate is kept when none is given")
    @Nullable
    Path certDir;

    @Option(names = "--client-ca-file")
    @Nullable
    Path clientCaFile;

    @Option(names = "--token-auth-file")
    @Nullable
    Path tokenAuthFile;

    @Option(names = "--anonymous-auth", arity = "0..1", fallbackValue = "true", description = "default: true")
    @Nullable
    Boolean anonymousAuth;

    @Option(names = "--enable-bootstrap-token-auth", arity = "0..1", defaultValue = "false", fallbackValue = "true")
    boolean bootstrapTokenAuth;

    @Option(
            names = "--authorization-mode",
            split = ",",
            description = "AlwaysAllow, AlwaysDeny, Node, RBAC, Webhook; default: AlwaysAllow")
    List<String> authorizationModes = new ArrayList<>();

    @Option(
            names = "--authorization-config",
            description = "an AuthorizationConfiguration instead; followed when it changes")
    @Nullable
    Path authorizationConfig;

    @Option(names = "--authorization-webhook-config-file", description = "a kubeconfig")
    @Nullable
    Path authorizationWebhookConfig;

    @Option(names = "--authorization-webhook-version", defaultValue = "v1beta1")
    String authorizationWebhookVersion;

    @Option(names = "--authorization-webhook-cache-authorized-ttl", defaultValue = "5m0s")
    String authorizationWebhookAuthorizedTtl;

    @Option(names = "--authorization-webhook-cache-unauthorized-ttl", defaultValue = "30s")
    String authorizationWebhookUnauthorizedTtl;

    @Option(names = "--authentication-token-webhook-config-file")
    @Nullable
    Path tokenWebhookConfig;

    @Option(names = "--authentication-token-webhook-cache-ttl", defaultValue = "2m0s")
    String tokenWebhookCacheTtl;

    @Option(names = "--authentication-token-webhook-version", defaultValue = "v1beta1")
    String tokenWebhookVersion;

    @Option(names = "--service-account-issuer", description = "the first one issues; may be repeated")
    List<String> serviceAccountIssuers = new ArrayList<>();

    @Option(names = "--service-account-key-file", description = "verifies tokens; may be repeated")
    List<Path> serviceAccountKeyFiles = new ArrayList<>();

    @Option(names = "--service-account-signing-key-file")
    @Nullable
    Path serviceAccountSigningKeyFile;

    @Option(
            names = "--service-account-jwks-uri",
            description = "where clients find the keys that verify tokens; default: at the issuer")
    String serviceAccountJwksUri = "";

    @Option(names = "--service-account-max-token-expiration", defaultValue = "0s")
    String serviceAccountMaxTokenExpiration;

    @Option(
            names = "--service-account-extend-token-expiration",
            arity = "0..1",
            defaultValue = "true",
            fallbackValue = "true")
    boolean extendTokenExpiration;

    @Option(names = "--api-audiences", split = ",")
    List<String> apiAudiences = new ArrayList<>();

    @Option(names = "--service-cluster-ip-range", defaultValue = "10.0.0.0/24")
    String serviceClusterIpRange;

    @Option(names = "--service-node-port-range", defaultValue = "30000-32767")
    String serviceNodePortRange;

    @Option(names = "--enable-admission-plugins", split = ",")
    List<String> enableAdmissionPlugins = new ArrayList<>();

    @Option(names = "--disable-admission-plugins", split = ",")
    List<String> disableAdmissionPlugins = new ArrayList<>();

    @Option(names = "--admission-control-config-file", description = "an AdmissionConfiguration")
    @Nullable
    Path admissionControlConfigFile;

    @Option(names = "--default-not-ready-toleration-seconds", defaultValue = "300")
    long notReadyTolerationSeconds;

    @Option(names = "--default-unreachable-toleration-seconds", defaultValue = "300")
    long unreachableTolerationSeconds;

    @Option(names = "--kubelet-client-certificate")
    @Nullable
    Path kubeletClientCertificate;

    @Option(names = "--kubelet-client-key")
    @Nullable
    Path kubeletClientKey;

    @Option(names = "--kubelet-certificate-authority")
    @Nullable
    Path kubeletCertificateAuthority;

    @Option(
            names = "--kubelet-preferred-address-types",
            split = ",",
            defaultValue = "Hostname,InternalDNS,InternalIP,ExternalDNS,ExternalIP")
    List<String> kubeletPreferredAddressTypes;

    @Option(names = "--requestheader-client-ca-file")
    @Nullable
    Path requestHeaderClientCaFile;

    @Option(names = "--requestheader-allowed-names", split = ",")
    List<String> requestHeaderAllowedNames = new ArrayList<>();

    @Option(names = "--requestheader-username-headers", split = ",")
    List<String> requestHeaderUsernameHeaders = new ArrayList<>();

    @Option(names = "--requestheader-uid-headers", split = ",")
    List<String> requestHeaderUidHeaders = new ArrayList<>();

    @Option(names = "--requestheader-group-headers", split = ",")
    List<String> requestHeaderGroupHeaders = new ArrayList<>();

    @Option(names = "--requestheader-extra-headers-prefix", split = ",")
    List<String> requestHeaderExtraPrefixes = new ArrayList<>();

    @Option(names = "--proxy-client-cert-file", description = "shown to the servers of APIServices")
    @Nullable
    Path proxyClientCertFile;

    @Option(names = "--proxy-client-key-file")
    @Nullable
    Path proxyClientKeyFile;

    @Option(
            names = "--enable-aggregator-routing",
            arity = "0..1",
            defaultValue = "false",
            fallbackValue = "true",
            description = "call the endpoints of APIServices' services, not their cluster IPs")
    boolean aggregatorRouting;

    @Option(names = "--allow-privileged", arity = "0..1", defaultValue = "false", fallbackValue = "true")
    boolean allowPrivileged;

    @Option(names = "--enable-priority-and-fairness", arity = "0..1", defaultValue = "true", fallbackValue = "true")
    boolean priorityAndFairness;

    @Option(names = "--max-requests-inflight", defaultValue = "400")
    int maxRequests;

    @Option(names = "--max-mutating-requests-inflight", defaultValue = "200")
    int maxMutatingRequests;

    @Option(names = "--request-timeout", defaultValue = "1m0s")
    String requestTimeout;

    @Option(
            names = "--min-request-timeout",
            defaultValue = "1800",
            description = "seconds that a watch lasts at least, where the client does not say; at most twice as long")
    int minRequestTimeoutSeconds;

    @Option(names = "--shutdown-delay-duration", defaultValue = "0s")
    String shutdownDelay;

    @Mixin
    AuditOptions audit = new AuditOptions();

    @Mixin
    OidcOptions oidc = new OidcOptions();

    @Mixin
    ServingOptions serving = new ServingOptions();

    /** Where the server listens, for those in the same process. */
    public String bindAddress() {
        return bindAddress;
    }

    /** Says who changes how much is logged while the server runs ({@code PUT /debug/flags/v}); without, that is refused. */
    public void onVerbosity(IntConsumer setter) {
        serving.verbositySetter = setter;
    }

    /** Which admission plugins run. */
    AdmissionChoice admission() {
        return new AdmissionChoice(enableAdmissionPlugins, disableAdmissionPlugins, allowPrivileged);
    }

    /** Whether roles and bindings count. @throws IOException if the authorization configuration cannot be read */
    boolean usesRbac() throws IOException {
        return authorizationConfig == null
                ? authorizationModes.contains("RBAC")
                : ConfiguredAuthorizer.typesOf(authorizationConfig, Durations::parse)
                        .contains("RBAC");
    }

    /** Everything that is wrong with the flags together; empty where nothing is. */
    List<String> problems() {
        var problems = new ArrayList<String>();
        if (!etcdPrefix.equals("/registry")) {
            problems.add("--etcd-prefix: only /registry is supported, not " + etcdPrefix);
        }
        together(problems, "--etcd-certfile", etcdCertFile, "--etcd-keyfile", etcdKeyFile);
        together(problems, "--tls-cert-file", tlsCertFile, "--tls-private-key-file", tlsPrivateKeyFile);
        together(
                problems,
                "--proxy-client-cert-file",
                proxyClientCertFile,
                "--proxy-client-key-file",
                proxyClientKeyFile);
        together(
                problems,
                "--kubelet-client-certificate",
                kubeletClientCertificate,
                "--kubelet-client-key",
                kubeletClientKey);
        problems.addAll(admission().problems());
        duration(problems, "--event-ttl", eventTtl);
        duration(problems, "--authentication-token-webhook-cache-ttl", tokenWebhookCacheTtl);
        duration(problems, "--etcd-compaction-interval", etcdCompactionInterval);
        duration(problems, "--shutdown-delay-duration", shutdownDelay);
        duration(problems, "--request-timeout", requestTimeout);
        if (minRequestTimeoutSeconds < 0) {
            problems.add("--min-request-timeout can not be negative value");
        }
        audit.check(problems);
        if (maxRequests < 0) {
            problems.add("--max-requests-inflight can not be negative value");
        }
        if (maxMutatingRequests < 0) {
            problems.add("--max-mutating-requests-inflight can not be negative value");
        }
        if (priorityAndFairness && maxRequests + maxMutatingRequests <= 0) {
            problems.add("--max-requests-inflight and --max-mutating-requests-inflight cannot both be 0 with"
                    + " --enable-priority-and-fairness");
        }
        if (duration(problems, "--service-account-max-token-expiration", serviceAccountMaxTokenExpiration)) {
            var longest = Durations.parse(serviceAccountMaxTokenExpiration);
            if (!longest.isZero()
                    && (longest.compareTo(Duration.ofHours(1)) < 0
                            || longest.compareTo(Duration.ofSeconds(1L << 32)) > 0)) {
                problems.add("--service-account-max-token-expiration must be between 1 hour and 2^32 seconds, not "
                        + serviceAccountMaxTokenExpiration);
            }
        }
        jwksUri(problems);
        if (serviceAccountIssuers.isEmpty()) {
            problems.add("--service-account-issuer is required");
        }
        if (serviceAccountSigningKeyFile == null) {
            problems.add("--service-account-signing-key-file is required");
        }
        for (String mode : authorizationModes) {
            if (!List.of("AlwaysAllow", "AlwaysDeny", "Node", "RBAC", "Webhook").contains(mode)) {
                problems.add("--authorization-mode: " + mode
                        + " is not supported; supported are AlwaysAllow, AlwaysDeny, Node, RBAC and Webhook");
            }
        }
        oidc.check(problems);
        serving.check(problems);
        authorizationWebhook(problems);
        if (!List.of("lease", "none").contains(endpointReconcilerType)) {
            problems.add("--endpoint-reconciler-type: " + endpointReconcilerType
                    + " is not supported; supported are lease and none");
        }
        if (!List.of("v1", "v1beta1").contains(tokenWebhookVersion)) {
            problems.add(
                    "--authentication-token-webhook-version: " + tokenWebhookVersion + " is neither v1 nor v1beta1");
        }
        return problems;
    }

    private void jwksUri(List<String> problems) {
        if (serviceAccountJwksUri.isEmpty()) {
            return;
        }
        try {
            if (!"https".equals(new URI(serviceAccountJwksUri).getScheme())) {
                problems.add("service-account-jwks-uri requires https scheme, parsed as: " + serviceAccountJwksUri);
            }
        } catch (URISyntaxException e) {
            problems.add("service-account-jwks-uri must be a valid URL: " + e.getMessage());
        }
    }

    private void authorizationWebhook(List<String> problems) {
        if (authorizationConfig != null && (!authorizationModes.isEmpty() || authorizationWebhookConfig != null)) {
            problems.add("--authorization-config can not be specified when --authorization-mode or"
                    + " --authorization-webhook-* flags are defined");
        }
        boolean asked = authorizationModes.contains("Webhook");
        if (asked && authorizationWebhookConfig == null) {
            problems.add("authorization-mode Webhook's authorization config file not passed");
        }
        if (!asked && authorizationWebhookConfig != null) {
            problems.add("cannot specify --authorization-webhook-config-file without mode Webhook");
        }
        if (!List.of("v1", "v1beta1").contains(authorizationWebhookVersion)) {
            problems.add(
                    "--authorization-webhook-version: " + authorizationWebhookVersion + " is neither v1 nor v1beta1");
        }
        duration(problems, "--authorization-webhook-cache-authorized-ttl", authorizationWebhookAuthorizedTtl);
        duration(problems, "--authorization-webhook-cache-unauthorized-ttl", authorizationWebhookUnauthorizedTtl);
    }

    private static boolean duration(List<String> problems, String flag, String value) {
        try {
            Durations.parse(value);
            return true;
        } catch (IllegalArgumentException e) {
            problems.add(flag + ": " + e.getMessage());
            return false;
        }
    }

    private static void together(
            List<String> problems, String one, @Nullable Path first, String other, @Nullable Path second) {
        if ((first == null) != (second == null)) {
            problems.add(one + " and " + other + " go together");
        }
    }
}
