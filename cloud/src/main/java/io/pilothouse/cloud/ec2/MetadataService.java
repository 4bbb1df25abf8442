package io.pilothouse.cloud.ec2;

import io.pilothouse.cloud.ec2.Ec2Model.Instance;
import io.pilothouse.cloud.iam.IamModel.Role;
import io.pilothouse.cloud.iam.IamModel.Session;
import io.pilothouse.cloud.iam.IamStore;
import io.pilothouse.cloud.protocol.AwsRequest;
import io.pilothouse.cloud.protocol.AwsResponse;
import io.pilothouse.cloud.protocol.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/**
 * The instance metadata service (IMDSv2, and v1 where the launch template leaves tokens optional). An instance is known by its source
 * address, or by the path prefix {@code /i/<instance id>} when instances share the host's addresses. Safe for many threads.
 */
public final class MetadataService {
    private static final int CREDENTIAL_SECONDS = 6 * 3600;
    private static final int RENEW_MILLIS = 30 * 60 * 1000;
    private static final int MAX_TOKEN_SECONDS = 21600;
    private final IamStore iam;
    private final Ec2Store store;
    private final InstanceService instances;
    private final boolean byAddress;
    private final MetadataTree tree;
    private final MetadataTokens tokens;
    private final Map<String, Session> sessions = new ConcurrentHashMap<>();

    /** Over the region's records. */
    public MetadataService(
            IamStore iam, Ec2Store store, InstanceService instances, VpcNetwork network, RandomGenerator random) {
        this.iam = iam;
        this.store = store;
        this.instances = instances;
        this.byAddress = network.isolated();
        this.tree = new MetadataTree(iam.arns(), store, network);
        this.tokens = new MetadataTokens(store.metadataKey(random), iam.clock());
    }

    /** Answers one request. */
    public AwsResponse handle(AwsRequest request) {
        String path = request.rawPath();
        Optional<Instance> instance;
        if (byAddress) {
            instance = instances.byAddress(request.remoteAddress());
        } else {
            String[] parts = path.split("/", 4);
            instance = parts.length == 4 && parts[1].equals("i")
                    ? store.instances().find(parts[2]).filter(Instance::isLive)
                    : Optional.empty();
            path = "/" + (parts.length == 4 ? parts[3] : "");
        }
        // Callers that add a slash to an endpoint that ends with one mean the same.
        path = "/" + path.replaceFirst("^/+", "");
        if (instance.isEmpty()) {
            return text(404, "no instance has this address");
        }
        return path.startsWith("/latest/")
                ? latest(instance.get(), request, path.substring(8))
                : text(path.equals("/") ? 200 : 404, "latest");
    }

    private AwsResponse latest(Instance instance, AwsRequest request, String path) {
        if (request.method().equals("PUT")) {
            return path.equals("api/token") ? token(instance, request) : text(405, "");
        }
        if (!request.method().equals("GET")) {
            return text(405, "");
        }
        Optional<String> token = request.header("x-aws-ec2-metadata-token");
        boolean needed = !instance.launch().httpTokens().equals("optional");
        if (token.isPresent() ? !tokens.accepts(instance.id(), token.get()) : needed) {
            return text(401, "");
        }
        if (path.equals("user-data")) {
            String data = instance.launch().userData();
            return data.isEmpty()
                    ? text(404, "")
                    : AwsResponse.bytes(
                            200,
                            Map.of("content-type", "application/octet-stream"),
                            Base64.getMimeDecoder().decode(data));
        }
        NavigableMap<String, String> all = tree.of(instance);
        role(instance)
                .ifPresent(r -> credentials(
                        instance, r, all, path.startsWith("meta-data/iam/security-credentials/" + r.name())));
        return MetadataTree.find(all, path).map(v -> text(200, v)).orElseGet(() -> text(404, ""));
    }

    private AwsResponse token(Instance instance, AwsRequest request) {
        try {
            int seconds = Integer.parseInt(
                    request.header("x-aws-ec2-metadata-token-ttl-seconds").orElse(""));
            if (seconds < 1 || seconds > MAX_TOKEN_SECONDS) {
                return text(400, "");
            }
            return text(200, tokens.issue(instance.id(), seconds))
                    .withHeader("x-aws-ec2-metadata-token-ttl-seconds", String.valueOf(seconds));
        } catch (NumberFormatException e) {
            return text(400, "");
        }
    }

    private Optional<Role> role(Instance instance) {
        String profile = instance.launch().profile();
        String name = profile.substring(profile.lastIndexOf('/') + 1);
        return iam.profiles()
                .find(name)
                .map(p -> p.roles())
                .filter(r -> !r.isEmpty())
                .map(List::getFirst)
                .flatMap(iam.roles()::find);
    }

    private void credentials(Instance instance, Role role, Map<String, String> all, boolean wanted) {
        String profile = instance.launch().profile();
        String name = profile.substring(profile.lastIndexOf('/') + 1);
        Map<String, Object> info = new LinkedHashMap<>();
        info.put("Code", "Success");
        info.put("LastUpdated", Instant.ofEpochMilli(instance.launchedMillis()).toString());
        iam.profiles().find(name).ifPresent(p -> {
            info.put("InstanceProfileArn", iam.arns().instanceProfile(p.path(), p.name()));
            info.put("InstanceProfileId", p.id());
        });
        all.put("meta-data/iam/info", Json.pretty(info));
        all.put("meta-data/iam/security-credentials/" + role.name(), wanted ? credentials(instance, role) : "");
    }

    private String credentials(Instance instance, Role role) {
        long now = iam.clock().millis();
        Session session = sessions.compute(
                instance.id(),
                (id, old) -> old != null
                                && old.expiresMillis() - now > RENEW_MILLIS
                                && role.id().equals(old.roleId())
                        ? old
                        : iam.assume(role, instance.id(), CREDENTIAL_SECONDS));
        Map<String, Object> credentials = new LinkedHashMap<>();
        credentials.put("Code", "Success");
        credentials.put(
                "LastUpdated",
                Instant.ofEpochMilli(session.expiresMillis() - CREDENTIAL_SECONDS * 1000L)
                        .toString());
        credentials.put("Type", "AWS-HMAC");
        credentials.put("AccessKeyId", session.id());
        credentials.put("SecretAccessKey", session.secret());
        credentials.put("Token", session.token());
        // Clients want whole seconds here.
        credentials.put(
                "Expiration",
                Instant.ofEpochSecond(session.expiresMillis() / 1000).toString());
        return Json.pretty(credentials);
    }

    private static AwsResponse text(int status, String body) {
        return AwsResponse.bytes(status, Map.of("content-type", "text/plain"), body.getBytes(StandardCharsets.UTF_8));
    }
}
