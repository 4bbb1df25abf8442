package io.pilothouse.apiserver.server;

import io.pilothouse.apiserver.admission.AdmissionChoice;
import io.pilothouse.apiserver.authz.ConfiguredAuthorizer;
import io.pilothouse.apiserver.flags.FlagSet;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** The flags of kube-apiserver that are supported, with upstream's names and defaults. Filled by the command line, then only read. */
public final class ApiServerOptions {
    List<String> etcdServers = new ArrayList<>();

    @Nullable
    Path etcdCaFile;

    @Nullable
    Path etcdCertFile;

    @Nullable
    Path etcdKeyFile;

    String etcdPrefix = "/registry";
    String etcdCompactionInterval = "5m";
    long etcdRevisionOffset;

    @Nullable
    Path encryptionConfig;

    boolean encryptionReload;
    String eventTtl = "1h";
    int securePort = 6443;
    String bindAddress = "127.0.0.1";
    String advertiseAddress = "";
    String endpointReconcilerType = "lease";

    @Nullable
    Path tlsCertFile;

    @Nullable
    Path tlsPrivateKeyFile;

    @Nullable
    Path certDir;

    @Nullable
    Path clientCaFile;

    @Nullable
    Path tokenAuthFile;

    @Nullable
    Boolean anonymousAuth;

    boolean bootstrapTokenAuth;
    List<String> authorizationModes = new ArrayList<>();

    @Nullable
    Path authorizationConfig;

    @Nullable
    Path authorizationWebhookConfig;

    String authorizationWebhookVersion = "v1beta1";
    String authorizationWebhookAuthorizedTtl = "5m0s";
    String authorizationWebhookUnauthorizedTtl = "30s";

    @Nullable
    Path tokenWebhookConfig;

    String tokenWebhookCacheTtl = "2m0s";
    String tokenWebhookVersion = "v1beta1";
    List<String> serviceAccountIssuers = new ArrayList<>();
    List<Path> serviceAccountKeyFiles = new ArrayList<>();

    @Nullable
    Path serviceAccountSigningKeyFile;

    String serviceAccountJwksUri = "";
    String serviceAccountMaxTokenExpiration = "0s";
    boolean extendTokenExpiration = true;
    List<String> apiAudiences = new ArrayList<>();
    String serviceClusterIpRange = "10.0.0.0/24";
    String serviceNodePortRange = "30000-32767";
    List<String> enableAdmissionPlugins = new ArrayList<>();
    List<String> disableAdmissionPlugins = new ArrayList<>();

    @Nullable
    Path admissionControlConfigFile;

    long notReadyTolerationSeconds = 300;
    long unreachableTolerationSeconds = 300;

    @Nullable
    Path kubeletClientCertificate;

    @Nullable
    Path kubeletClientKey;

    @Nullable
    Path kubeletCertificateAuthority;

    List<String> kubeletPreferredAddressTypes =
            List.of("Hostname", "InternalDNS", "InternalIP", "ExternalDNS", "ExternalIP");

    @Nullable
    Path requestHeaderClientCaFile;

    List<String> requestHeaderAllowedNames = new ArrayList<>();
    List<String> requestHeaderUsernameHeaders = new ArrayList<>();
    List<String> requestHeaderUidHeaders = new ArrayList<>();
    List<String> requestHeaderGroupHeaders = new ArrayList<>();
    List<String> requestHeaderExtraPrefixes = new ArrayList<>();

    @Nullable
    Path proxyClientCertFile;

    @Nullable
    Path proxyClientKeyFile;

    boolean aggregatorRouting;
    boolean allowPrivileged;
    boolean priorityAndFairness = true;
    int maxRequests = 400;
    int maxMutatingRequests = 200;
    String requestTimeout = "1m0s";
    int minRequestTimeoutSeconds = 1800;
    String shutdownDelay = "0s";
    final AuditOptions audit = new AuditOptions();
    final OidcOptions oidc = new OidcOptions();
    final ServingOptions serving = new ServingOptions();

    /**
     * Reads them from a command line.
     *
     * @throws io.pilothouse.apiserver.flags.FlagException for a wrong one
     */
    public static ApiServerOptions parse(String... arguments) {
        var options = new ApiServerOptions();
        var flags = new FlagSet("apiserver");
        options.declare(flags);
        flags.parse(arguments);
        return options;
    }

    /** Adds the flags to those of a command, with the values that they have now. */
    public void declare(FlagSet flags) {
        requests(flags);
        etcd(flags);
        address(flags);
        audit.declare(flags);
        serving.declare(flags);
        authentication(flags);
        requestHeaders(flags);
        serviceAccounts(flags);
        oidc.declare(flags);
        authorization(flags);
        admission(flags);
        others(flags);
        connections(flags);
    }

    private void requests(FlagSet flags) {
        flags.section("Generic");
        flags.text(
                "--advertise-address",
                advertiseAddress,
                value -> advertiseAddress = value,
                "what the kubernetes service's endpoints say; default: the bind address, unless it is loopback");
        flags.truth(
                "--enable-priority-and-fairness",
                priorityAndFairness,
                value -> priorityAndFairness = value,
                "requests wait by flow schemas and priority levels, where more come than are served at a time");
        flags.integer(
                "--max-requests-inflight",
                maxRequests,
                value -> maxRequests = value,
                "how many requests that only read are served at a time");
        flags.integer(
                "--max-mutating-requests-inflight",
                maxMutatingRequests,
                value -> maxMutatingRequests = value,
                "how many requests that write are served at a time");
        flags.duration(
                "--request-timeout",
                requestTimeout,
                value -> requestTimeout = value,
                "how long a request may take, unless it says a shorter time or is a watch");
        flags.integer(
                "--min-request-timeout",
                minRequestTimeoutSeconds,
                value -> minRequestTimeoutSeconds = value,
                "seconds that a watch lasts at least, where the client does not say; at most twice as long");
        flags.duration(
                "--shutdown-delay-duration",
                shutdownDelay,
                value -> shutdownDelay = value,
                "how long requests are still served after the server was told to end, while it says that it isn't ready");
    }

    private void etcd(FlagSet flags) {
        flags.section("Etcd");
        flags.list("--etcd-servers", etcdServers, value -> etcdServers = value, "etcd's client URLs")
                .required();
        flags.file("--etcd-cafile", etcdCaFile, value -> etcdCaFile = value, "who signed etcd's certificate");
        flags.file("--etcd-certfile", etcdCertFile, value -> etcdCertFile = value, "the certificate shown to etcd");
        flags.file("--etcd-keyfile", etcdKeyFile, value -> etcdKeyFile = value, "its key");
        flags.text("--etcd-prefix", etcdPrefix, value -> etcdPrefix = value, "only /registry is supported");
        flags.duration(
                "--etcd-compaction-interval",
                etcdCompactionInterval,
                value -> etcdCompactionInterval = value,
                "0 turns compaction off");
        flags.longInteger(
                "--etcd-revision-offset",
                etcdRevisionOffset,
                value -> etcdRevisionOffset = value,
                "added to etcd's revisions, the same by all servers of a cluster: after etcd was put back to a snapshot, at least the last"
                        + " resource version that was given out before, so that none comes a second time");
        flags.file(
                "--encryption-provider-config",
                encryptionConfig,
                value -> encryptionConfig = value,
                "an EncryptionConfiguration");
        flags.truth(
                "--encryption-provider-config-automatic-reload",
                encryptionReload,
                value -> encryptionReload = value,
                "the EncryptionConfiguration is followed when it changes");
    }

    private void address(FlagSet flags) {
        flags.section("Secure serving");
        flags.integer("--secure-port", securePort, value -> securePort = value, "0 picks a free port");
        flags.text("--bind-address", bindAddress, value -> bindAddress = value, "the address that is listened on");
        flags.file("--tls-cert-file", tlsCertFile, value -> tlsCertFile = value, "the server's certificate");
        flags.file("--tls-private-key-file", tlsPrivateKeyFile, value -> tlsPrivateKeyFile = value, "its key");
        flags.file(
                "--cert-dir",
                certDir,
                value -> certDir = value,
                "where a self-signed certificate is kept when none is given");
    }

    private void authentication(FlagSet flags) {
        flags.section("Authentication");
        flags.file("--client-ca-file", clientCaFile, value -> clientCaFile = value, "who signs clients' certificates");
        flags.file(
                "--token-auth-file",
                tokenAuthFile,
                value -> tokenAuthFile = value,
                "lines of a token, its user's name and uid, and perhaps groups");
        flags.truth(
                "--anonymous-auth",
                anonymousAuth == null || anonymousAuth, // what is not said there is allowed
                value -> anonymousAuth = value,
                "requests that say no name are system:anonymous's");
        flags.truth(
                "--enable-bootstrap-token-auth",
                bootstrapTokenAuth,
                value -> bootstrapTokenAuth = value,
                "secrets of bootstrap tokens are believed");
        flags.file(
                "--authentication-token-webhook-config-file",
                tokenWebhookConfig,
                value -> tokenWebhookConfig = value,
                "a kubeconfig: who is asked whose a token is");
        flags.duration(
                "--authentication-token-webhook-cache-ttl",
                tokenWebhookCacheTtl,
                value -> tokenWebhookCacheTtl = value,
                "how long its answers are kept");
        flags.text(
                "--authentication-token-webhook-version",
                tokenWebhookVersion,
                value -> tokenWebhookVersion = value,
                "v1 or v1beta1");
        flags.list(
                "--api-audiences",
                apiAudiences,
                value -> apiAudiences = value,
                "what tokens may be meant for; default: the issuers");
    }

    private void requestHeaders(FlagSet flags) {
        flags.file(
                "--requestheader-client-ca-file",
                requestHeaderClientCaFile,
                value -> requestHeaderClientCaFile = value,
                "who signs the certificates of proxies whose headers are believed");
        flags.list(
                "--requestheader-allowed-names",
                requestHeaderAllowedNames,
                value -> requestHeaderAllowedNames = value,
                "the common names that these may have; default: any");
        flags.list(
                "--requestheader-username-headers",
                requestHeaderUsernameHeaders,
                value -> requestHeaderUsernameHeaders = value,
                "headers that say a user's name");
        flags.list(
                "--requestheader-uid-headers",
                requestHeaderUidHeaders,
                value -> requestHeaderUidHeaders = value,
                "headers that say a user's uid");
        flags.list(
                "--requestheader-group-headers",
                requestHeaderGroupHeaders,
                value -> requestHeaderGroupHeaders = value,
                "headers that say a user's groups");
        flags.list(
                "--requestheader-extra-headers-prefix",
                requestHeaderExtraPrefixes,
                value -> requestHeaderExtraPrefixes = value,
                "how headers begin that say more of a user");
    }

    private void serviceAccounts(FlagSet flags) {
        flags.each(
                "--service-account-issuer",
                serviceAccountIssuers,
                value -> serviceAccountIssuers = value,
                "the first one issues; may be repeated");
        flags.eachFile(
                "--service-account-key-file",
                serviceAccountKeyFiles,
                value -> serviceAccountKeyFiles = value,
                "verifies tokens; may be repeated");
        flags.file(
                "--service-account-signing-key-file",
                serviceAccountSigningKeyFile,
                value -> serviceAccountSigningKeyFile = value,
                "signs tokens");
        flags.text(
                "--service-account-jwks-uri",
                serviceAccountJwksUri,
                value -> serviceAccountJwksUri = value,
                "where clients find the keys that verify tokens; default: at the issuer");
        flags.duration(
                "--service-account-max-token-expiration",
                serviceAccountMaxTokenExpiration,
                value -> serviceAccountMaxTokenExpiration = value,
                "how long a token is good for at most; 0 is any time");
        flags.truth(
                "--service-account-extend-token-expiration",
                extendTokenExpiration,
                value -> extendTokenExpiration = value,
                "pods' tokens are good for a year, for clients that don't read them again");
    }

    private void authorization(FlagSet flags) {
        flags.section("Authorization");
        flags.list(
                "--authorization-mode",
                authorizationModes,
                value -> authorizationModes = value,
                "AlwaysAllow, AlwaysDeny, Node, RBAC, Webhook; default: AlwaysAllow");
        flags.file(
                "--authorization-config",
                authorizationConfig,
                value -> authorizationConfig = value,
                "an AuthorizationConfiguration instead; followed when it changes");
        flags.file(
                "--authorization-webhook-config-file",
                authorizationWebhookConfig,
                value -> authorizationWebhookConfig = value,
                "a kubeconfig");
        flags.text(
                "--authorization-webhook-version",
                authorizationWebhookVersion,
                value -> authorizationWebhookVersion = value,
                "v1 or v1beta1");
        flags.duration(
                "--authorization-webhook-cache-authorized-ttl",
                authorizationWebhookAuthorizedTtl,
                value -> authorizationWebhookAuthorizedTtl = value,
                "how long it is kept that something is allowed");
        flags.duration(
                "--authorization-webhook-cache-unauthorized-ttl",
                authorizationWebhookUnauthorizedTtl,
                value -> authorizationWebhookUnauthorizedTtl = value,
                "how long it is kept that something isn't");
    }

    private void admission(FlagSet flags) {
        flags.section("Admission");
        flags.list(
                "--enable-admission-plugins",
                enableAdmissionPlugins,
                value -> enableAdmissionPlugins = value,
                "plugins besides those that are on");
        flags.list(
                "--disable-admission-plugins",
                disableAdmissionPlugins,
                value -> disableAdmissionPlugins = value,
                "plugins that are on, and are not to be");
        flags.file(
                "--admission-control-config-file",
                admissionControlConfigFile,
                value -> admissionControlConfigFile = value,
                "an AdmissionConfiguration");
        flags.longInteger(
                "--default-not-ready-toleration-seconds",
                notReadyTolerationSeconds,
                value -> notReadyTolerationSeconds = value,
                "how long pods stay on nodes that aren't ready");
        flags.longInteger(
                "--default-unreachable-toleration-seconds",
                unreachableTolerationSeconds,
                value -> unreachableTolerationSeconds = value,
                "how long pods stay on nodes that can't be reached");
    }

    private void others(FlagSet flags) {
        flags.section("Misc");
        flags.truth(
                "--allow-privileged",
                allowPrivileged,
                value -> allowPrivileged = value,
                "containers may be privileged");
        flags.duration("--event-ttl", eventTtl, value -> eventTtl = value, "how long events are kept");
        flags.text(
                "--endpoint-reconciler-type",
                endpointReconcilerType,
                value -> endpointReconcilerType = value,
                "lease or none");
        flags.text(
                "--service-cluster-ip-range",
                serviceClusterIpRange,
                value -> serviceClusterIpRange = value,
                "where services' addresses are taken from");
        flags.text(
                "--service-node-port-range",
                serviceNodePortRange,
                value -> serviceNodePortRange = value,
                "where services' node ports are taken from");
        flags.truth(
                "--enable-aggregator-routing",
                aggregatorRouting,
                value -> aggregatorRouting = value,
                "call the endpoints of APIServices' services, not their cluster IPs");
    }

    private void connections(FlagSet flags) {
        flags.file(
                "--kubelet-client-certificate",
                kubeletClientCertificate,
                value -> kubeletClientCertificate = value,
                "shown to kubelets");
        flags.file("--kubelet-client-key", kubeletClientKey, value -> kubeletClientKey = value, "its key");
        flags.file(
                "--kubelet-certificate-authority",
                kubeletCertificateAuthority,
                value -> kubeletCertificateAuthority = value,
                "who signs kubelets' certificates");
        flags.list(
                "--kubelet-preferred-address-types",
                kubeletPreferredAddressTypes,
                value -> kubeletPreferredAddressTypes = value,
                "which of a node's addresses its kubelet is reached at, the best first");
        flags.file(
                "--proxy-client-cert-file",
                proxyClientCertFile,
                value -> proxyClientCertFile = value,
                "shown to the servers of APIServices");
        flags.file("--proxy-client-key-file", proxyClientKeyFile, value -> proxyClientKeyFile = value, "its key");
    }

    /** Where the server listens, for those in the same process. */
    public String bindAddress() {
        return bindAddress;
    }

    /** Says who changes how much is logged, now by {@code --v} and while the server runs by {@code PUT /debug/flags/v}; without, the latter is refused. */
    public void onVerbosity(IntConsumer setter) {
        serving.verbositySetter = setter;
        if (serving.verbosity > 0) {
            setter.accept(serving.verbosity);
        }
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
        return new FlagProblems(this).all();
    }
}
