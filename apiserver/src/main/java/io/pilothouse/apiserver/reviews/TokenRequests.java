package io.pilothouse.apiserver.reviews;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.authn.ServiceAccountTokens;
import io.pilothouse.apiserver.catalog.ClusterView;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.endpoint.ActionSupport;
import io.pilothouse.apiserver.endpoint.ApiRequest;
import io.pilothouse.apiserver.endpoint.Submissions;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.FieldError;
import io.pilothouse.machinery.field.FieldPath;
import io.pilothouse.machinery.meta.GroupKind;
import io.pilothouse.machinery.meta.GroupResource;
import io.pilothouse.machinery.meta.GroupVersionKind;
import io.pilothouse.machinery.meta.ObjectMeta;
import io.pilothouse.machinery.schema.TypeSchema;
import io.pilothouse.machinery.status.StatusException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The token subresource of service accounts (authentication.k8s.io/v1 TokenRequest). */
final class TokenRequests {
    static final GroupVersionKind KIND = new GroupVersionKind("authentication.k8s.io", "v1", "TokenRequest");
    private static final GroupKind GROUP_KIND = new GroupKind(KIND.group(), KIND.kind());
    private static final GroupResource ACCOUNTS = new GroupResource("", "serviceaccounts");
    private static final long DEFAULT_SECONDS = 3600;
    private static final long SHORTEST_SECONDS = 600;
    private static final long LONGEST_SECONDS = 1L << 32;

    /** What kubelets ask for; only of such tokens is believed that their clients may not read them anew. */
    private static final long KUBELET_SECONDS = 3607;

    private final ServiceAccountTokens tokens;
    private final ClusterView cluster;
    private final Submissions submissions;
    private final TypeSchema schema;

    TokenRequests(ServiceAccountTokens tokens, ClusterView cluster, Submissions submissions, TypeSchema schema) {
        this.tokens = tokens;
        this.cluster = cluster;
        this.submissions = submissions;
        this.schema = schema;
    }

    void handle(ApiRequest request, ResourceDefinition accounts) throws IOException {
        var info = request.info();
        var asked = submissions.read(request, accounts, KIND, schema, TokenRequests::defaults);
        checkName(asked, info.name());
        var account = cluster.findNow(ACCOUNTS, info.namespace(), info.name())
                .orElseThrow(() -> StatusException.notFound(ACCOUNTS, info.name()));
        fillMetadata(asked, account, request);
        var spec = asked.withObjectProperty("spec");
        fillSpec(spec);
        check(asked);
        var bound = new TokenBinding(cluster, spec.path("boundObjectRef"), account).find();
        shorten(spec, request);
        var audiences = new ArrayList<String>();
        spec.path("audiences").forEach(a -> audiences.add(a.asText()));
        long seconds = spec.path("expirationSeconds").asLong();
        boolean extended = tokens.extendsLifetimes()
                && bound.object().filter(b -> b.kind().equals("Pod")).isPresent()
                && seconds == KUBELET_SECONDS
                && tokens.audiences().containsAll(audiences);
        var issued = tokens.issue(new ServiceAccountTokens.Order(
                account,
                audiences,
                extended ? tokens.extendedSeconds() : seconds,
                extended ? seconds : 0,
                bound.object(),
                bound.node()));
        request.notes().annotate("authentication.kubernetes.io/issued-credential-id", "JTI=" + issued.id());
        asked.putObject("status")
                .put("token", issued.token())
                .put("expirationTimestamp", ObjectMeta.format(request.received().plusSeconds(seconds)));
        ActionSupport.respond(request, 201, asked, schema);
    }

    private static void checkName(ObjectNode asked, String name) {
        String given = ObjectMeta.name(asked);
        if (!given.isEmpty() && !given.equals(name)) {
            throw StatusException.invalid(
                    GROUP_KIND,
                    name,
                    List.of(FieldError.invalid(
                            FieldPath.of("metadata", "name"),
                            given,
                            "must match the service account name if specified")));
        }
    }

    private static void fillMetadata(ObjectNode asked, ObjectNode account, ApiRequest request) {
        String uid = ObjectMeta.uid(asked);
        if (!uid.isEmpty() && !uid.equals(ObjectMeta.uid(account))) {
            throw StatusException.conflict(
                    new GroupResource(KIND.group(), KIND.kind()),
                    ObjectMeta.name(account),
                    "the UID in the token request (" + uid + ") does not match the UID of the service account ("
                            + ObjectMeta.uid(account) + ")");
        }
        ObjectMeta.setName(asked, ObjectMeta.name(account));
        ObjectMeta.setNamespace(asked, ObjectMeta.namespace(account));
        ObjectMeta.setUid(asked, ObjectMeta.uid(account));
        ObjectMeta.setCreationTimestamp(asked, request.received());
    }

    private static void defaults(ObjectNode asked) {
        var spec = asked.withObjectProperty("spec");
        if (!spec.hasNonNull("expirationSeconds")) {
            spec.put("expirationSeconds", DEFAULT_SECONDS);
        }
    }

    private void fillSpec(ObjectNode spec) {
        if (spec.path("audiences").isEmpty()) {
            tokens.audiences().forEach(spec.putArray("audiences")::add);
        }
        if (!spec.has("boundObjectRef")) {
            spec.putNull("boundObjectRef");
        }
    }

    private static void check(ObjectNode asked) {
        var errors = new ArrayList<FieldError>();
        var seconds = Field.of(asked, errors).child("spec", "expirationSeconds");
        if (seconds.number() < SHORTEST_SECONDS) {
            seconds.invalid("may not specify a duration less than 10 minutes");
        }
        if (seconds.number() > LONGEST_SECONDS) {
            seconds.invalid("may not specify a duration larger than 2^32 seconds");
        }
        if (!errors.isEmpty()) {
            throw StatusException.invalid(GROUP_KIND, "", errors);
        }
    }

    private void shorten(ObjectNode spec, ApiRequest request) {
        long wanted = spec.path("expirationSeconds").asLong();
        long given = tokens.lifetimeSeconds(wanted);
        if (given != wanted) {
            request.warn("requested expiration of " + wanted + " seconds shortened to " + given + " seconds");
            spec.put("expirationSeconds", given);
        }
    }
}
