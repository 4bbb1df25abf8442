package io.pilothouse.controllers.certificates;

import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeAddress;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReview;
import io.fabric8.kubernetes.api.model.authorization.v1.SubjectAccessReviewBuilder;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequest;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequestBuilder;
import io.pilothouse.controllers.informers.Cache;
import io.pilothouse.controllers.runtime.ControllerContext;
import io.pilothouse.controllers.workqueue.Key;
import io.pilothouse.controllers.workqueue.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Set;
import org.bouncycastle.asn1.x509.GeneralName;

/**
 * Approves the certificates that nodes ask for: a client certificate where the asker may have one, and a serving certificate where every name in
 * it is one of the Node's addresses. What does not fit is left for a person.
 */
public final class CertificateApprover {
    private static final Duration AGAIN = Duration.ofSeconds(2);
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final Set<String> NAMES = Set.of("Hostname", "InternalDNS", "ExternalDNS");
    private static final Set<String> ADDRESSES = Set.of("InternalIP", "ExternalIP");

    private final ControllerContext context;
    private final Cache<CertificateSigningRequest> requests;
    private final Cache<Node> nodes;

    /** Joins a context. */
    public CertificateApprover(ControllerContext context, int workers) {
        this.context = context;
        this.requests = context.cache(CertificateSigningRequest.class);
        this.nodes = context.cache(Node.class);
        var queue = context.queue("csr-approving", workers, this::reconcile);
        requests.on(added -> queue.add(Key.of(added)), (before, after) -> queue.add(Key.of(after)), deleted -> {});
    }

    private Outcome reconcile(Key key) throws IOException {
        var found = requests.find(key);
        if (found.isEmpty() || Request.has(found.get(), "Approved") || Request.has(found.get(), "Denied")) {
            return Outcome.done();
        }
        var object = found.get();
        var request = Request.of(object);
        if (request.violation().isPresent()) {
            return Outcome.done();
        }
        return switch (request.signer()) {
            case Request.KUBELET_CLIENT -> client(object, request);
            case Request.KUBELET_SERVING -> serving(object, request);
            default -> Outcome.done();
        };
    }

    private Outcome client(CertificateSigningRequest object, Request request) {
        boolean own = object.getSpec().getUsername().equals(request.commonName());
        if (own && mayHave(object, "selfnodeclient")) {
            approve(object, "Auto approving self kubelet client certificate after SubjectAccessReview.");
        } else if (mayHave(object, "nodeclient")) {
            approve(object, "Auto approving kubelet client certificate after SubjectAccessReview.");
        }
        return Outcome.done();
    }

    private boolean mayHave(CertificateSigningRequest object, String subresource) {
        var review = new SubjectAccessReviewBuilder()
                .withNewSpec()
                .withUser(object.getSpec().getUsername())
                .withUid(object.getSpec().getUid())
                .withGroups(object.getSpec().getGroups())
                .withNewResourceAttributes()
                .withGroup("certificates.k8s.io")
                .withResource("certificatesigningrequests")
                .withVerb("create")
                .withSubresource(subresource)
                .withVersion("*")
                .endResourceAttributes()
                .endSpec()
                .build();
        SubjectAccessReview answer =
                context.client().authorization().v1().subjectAccessReview().create(review);
        return Boolean.TRUE.equals(answer.getStatus().getAllowed());
    }

    private Outcome serving(CertificateSigningRequest object, Request request) {
        if (!object.getSpec().getUsername().equals(request.commonName())
                || !object.getSpec().getGroups().contains("system:nodes")) {
            return Outcome.done();
        }
        var node = nodes.find("", request.commonName().substring(Request.NODE_PREFIX.length()));
        if (node.isPresent() && isKnown(node.get(), request)) {
            approve(object, "Auto approving kubelet serving certificate: its names are the node's.");
            return Outcome.done();
        }
        // A new node asks before it has written its addresses.
        boolean fresh = Instant.parse(object.getMetadata().getCreationTimestamp())
                .plus(PATIENCE)
                .isAfter(context.clock().instant());
        return fresh ? Outcome.after(AGAIN) : Outcome.done();
    }

    private static boolean isKnown(Node node, Request request) {
        return request.alternativeNames(GeneralName.dNSName).stream().allMatch(name -> has(node, NAMES, name))
                && request.alternativeNames(GeneralName.iPAddress).stream()
                        .allMatch(address -> has(node, ADDRESSES, address));
    }

    private static boolean has(Node node, Set<String> types, String value) {
        return node.getStatus() != null
                && node.getStatus().getAddresses().stream()
                        .filter(address -> types.contains(address.getType()))
                        .map(NodeAddress::getAddress)
                        .anyMatch(value::equals);
    }

    private void approve(CertificateSigningRequest object, String message) {
        String now = context.clock().instant().truncatedTo(ChronoUnit.SECONDS).toString();
        var approved = new CertificateSigningRequestBuilder(object)
                .editOrNewStatus()
                .addNewCondition()
                .withType("Approved")
                .withStatus("True")
                .withReason("AutoApproved")
                .withMessage(message)
                .withLastUpdateTime(now)
                .withLastTransitionTime(now)
                .endCondition()
                .endStatus()
                .build();
        context.client()
                .raw(
                        "/apis/certificates.k8s.io/v1/certificatesigningrequests/"
                                + object.getMetadata().getName() + "/approval",
                        "PUT",
                        approved);
    }
}
