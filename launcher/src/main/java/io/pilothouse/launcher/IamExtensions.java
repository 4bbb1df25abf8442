package io.pilothouse.launcher;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.authn.Authenticator;
import io.pilothouse.apiserver.authn.InvalidCredentialException;
import io.pilothouse.apiserver.authz.Attributes;
import io.pilothouse.apiserver.authz.Authorizer;
import io.pilothouse.apiserver.authz.Decision;
import io.pilothouse.apiserver.catalog.ClusterView;
import io.pilothouse.apiserver.request.UserInfo;
import io.pilothouse.apiserver.server.ApiServer;
import io.pilothouse.controllers.certificates.ServingApproverPolicy;
import io.pilothouse.iam.AuthenticationFailure;
import io.pilothouse.iam.IamAuthenticator;
import io.pilothouse.iam.mapping.AccessEntryMapper;
import io.pilothouse.iam.mapping.ConfigMapMapper;
import io.pilothouse.iam.mapping.PrivateDnsNames;
import io.pilothouse.iam.policy.AccessPolicies;
import io.pilothouse.iam.policy.RequestAttributes;
import io.pilothouse.iam.token.CachingVerifier;
import io.pilothouse.iam.token.StsVerifier;
import io.pilothouse.iam.token.TokenParser;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;

/** IAM tokens and access policies within a master: access entries first, then the aws-auth config map, as EKS asks them. */
final class IamExtensions {
    private static final GroupResource CONFIG_MAPS = new GroupResource("", "configmaps");
    private static final Duration VERIFIED_FOR = Duration.ofMinutes(1);

    private IamExtensions() {}

    static ApiServer.ExtensionFactory of(MasterOptions options, PrivateDnsNames names, Clock clock) {
        return cluster -> {
            var entries = new AccessEntryMapper(options.accessEntriesFile);
            var awsAuth = new ConfigMapMapper(
                    () -> entries.entries().authenticationMode().readsConfigMap());
            var endpoint = options.stsEndpoint;
            Set<String> localHosts = endpoint == null ? Set.of() : Set.of(endpoint.getAuthority());
            var iam = new IamAuthenticator(
                    new TokenParser(options.partition, options.region, union(localHosts, options.stsHosts), clock),
                    new CachingVerifier(new StsVerifier(options.clusterName, endpoint), VERIFIED_FOR, clock),
                    List.of(entries, awsAuth),
                    names);
            return new ApiServer.Extensions(
                    List.of(authenticator(iam, new AwsAuth(cluster, awsAuth))),
                    List.of(authorizer(new AccessPolicies(entries::entries))),
                    policy());
        };
    }

    private static List<ObjectNode> policy() {
        var objects = new ArrayList<>(ServingApproverPolicy.objects());
        objects.add(nodesSeeServices());
        objects.add(mastersReachKubelets());
        return objects;
    }

    /** The node agent carries services' addresses itself, as kube-proxy would: nodes may read services and their endpoints. */
    private static ObjectNode nodesSeeServices() {
        return binding("pilothouse:node-proxier", "system:node-proxier", "Group", "system:nodes");
    }

    /** Masters ask nodes for logs and streams under a name of their own; nodes ask back what it may. */
    private static ObjectNode mastersReachKubelets() {
        return binding(
                "pilothouse:kubelet-api-admin", "system:kubelet-api-admin", "User", "kube-apiserver-kubelet-client");
    }

    private static ObjectNode binding(String name, String role, String kind, String subject) {
        var binding = JsonNodeFactory.instance
                .objectNode()
                .put("kind", "ClusterRoleBinding")
                .put("apiVersion", "rbac.authorization.k8s.io/v1");
        binding.putObject("metadata").put("name", name);
        binding.putObject("roleRef")
                .put("apiGroup", "rbac.authorization.k8s.io")
                .put("kind", "ClusterRole")
                .put("name", role);
        binding.putArray("subjects")
                .addObject()
                .put("kind", kind)
                .put("apiGroup", "rbac.authorization.k8s.io")
                .put("name", subject);
        return binding;
    }

    private static Set<String> union(Set<String> some, List<String> more) {
        var all = new HashSet<>(some);
        all.addAll(more);
        return all;
    }

    private static Authenticator authenticator(IamAuthenticator iam, AwsAuth awsAuth) {
        return credentials -> {
            if (credentials.bearerToken().isEmpty()
                    || !IamAuthenticator.isIamToken(credentials.bearerToken().get())) {
                return Optional.empty();
            }
            awsAuth.refresh();
            try {
                var identity = iam.authenticate(credentials.bearerToken().get());
                return Optional.of(
                        new UserInfo(identity.username(), identity.uid(), identity.groups(), identity.extra())
                                .withGroup(UserInfo.ALL_AUTHENTICATED));
            } catch (AuthenticationFailure e) {
                throw new InvalidCredentialException("IAM token refused (" + e.kind() + "): " + e.getMessage(), e);
            }
        };
    }

    private static Authorizer authorizer(AccessPolicies policies) {
        return attributes ->
                policies.authorize(attributes.user().extra(), request(attributes)) == AccessPolicies.Decision.ALLOW
                        ? Decision.allow("EKS Access Policy: allowed by an associated access policy")
                        : Decision.noOpinion("");
    }

    private static RequestAttributes request(Attributes attributes) {
        return attributes.resourceRequest()
                ? RequestAttributes.resource(
                        attributes.verb(),
                        attributes.group(),
                        attributes.resource(),
                        attributes.subresource(),
                        attributes.namespace())
                : RequestAttributes.path(attributes.verb(), attributes.path());
    }

    /** Follows kube-system/aws-auth: read again when its revision has changed. */
    private static final class AwsAuth {
        private final ClusterView cluster;
        private final ConfigMapMapper mapper;
        private final AtomicReference<String> revision = new AtomicReference<>("");

        private AwsAuth(ClusterView cluster, ConfigMapMapper mapper) {
            this.cluster = cluster;
            this.mapper = mapper;
        }

        void refresh() {
            var map = cluster.find(CONFIG_MAPS, "kube-system", "aws-auth");
            String now = map.map(ObjectMeta::resourceVersion).orElse("");
            if (!now.equals(revision.getAndSet(now))) {
                Map<String, String> data = new HashMap<>();
                map.ifPresent(m -> m.path("data")
                        .properties()
                        .forEach(e -> data.put(e.getKey(), e.getValue().asText())));
                mapper.update(data);
            }
        }
    }
}
