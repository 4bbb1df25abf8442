package io.pilothouse.controllers.certificates;

import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequest;
import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequestBuilder;
import io.pilothouse.controllers.informers.Cache;
import io.pilothouse.controllers.runtime.ControllerContext;
import io.pilothouse.controllers.workqueue.Key;
import io.pilothouse.controllers.workqueue.Outcome;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.Set;

/** Signs approved requests to upstream's four signers with the cluster's key, within their rules. */
public final class CertificateSigner {
    private static final Set<String> SIGNERS =
            Set.of(Request.KUBELET_SERVING, Request.KUBELET_CLIENT, Request.CLIENT, Request.LEGACY);
    private static final Duration SHORTEST = Duration.ofMinutes(10);

    private final ControllerContext context;
    private final Cache<CertificateSigningRequest> requests;
    private final CertificateAuthority authority;
    private final Duration longest;

    /**
     * Joins a context.
     *
     * @param longest the longest a certificate is good for
     * @throws IOException if the files do not hold a certificate and its key
     */
    public CertificateSigner(ControllerContext context, int workers, Path certificate, Path key, Duration longest)
            throws IOException {
        this.context = context;
        this.requests = context.cache(CertificateSigningRequest.class);
        this.authority = CertificateAuthority.load(certificate, key, new SecureRandom());
        this.longest = longest;
        var queue = context.queue("csr-signing", workers, this::reconcile);
        requests.on(added -> queue.add(Key.of(added)), (before, after) -> queue.add(Key.of(after)), deleted -> {});
    }

    private Outcome reconcile(Key key) throws IOException {
        var found = requests.find(key);
        if (found.isEmpty()
                || !SIGNERS.contains(found.get().getSpec().getSignerName())
                || !Request.has(found.get(), "Approved")
                || Request.has(found.get(), "Denied")
                || Request.has(found.get(), "Failed")
                || found.get().getStatus().getCertificate() != null) {
            return Outcome.done();
        }
        var object = found.get();
        var request = Request.of(object);
        var signed = new CertificateSigningRequestBuilder(object);
        var violation = request.violation();
        if (violation.isPresent()) {
            String now =
                    context.clock().instant().truncatedTo(ChronoUnit.SECONDS).toString();
            signed.editOrNewStatus()
                    .addNewCondition()
                    .withType("Failed")
                    .withStatus("True")
                    .withReason("SignerValidationFailure")
                    .withMessage(violation.get())
                    .withLastUpdateTime(now)
                    .withLastTransitionTime(now)
                    .endCondition()
                    .endStatus();
        } else {
            String pem =
                    authority.sign(request, duration(object), context.clock().instant());
            signed.editOrNewStatus()
                    .withCertificate(Base64.getEncoder().encodeToString(pem.getBytes(StandardCharsets.US_ASCII)))
                    .endStatus();
        }
        context.client().resource(signed.build()).updateStatus();
        return Outcome.done();
    }

    private Duration duration(CertificateSigningRequest object) {
        Integer seconds = object.getSpec().getExpirationSeconds();
        if (seconds == null) {
            return longest;
        }
        Duration wanted = Duration.ofSeconds(seconds);
        return wanted.compareTo(longest) > 0 ? longest : wanted.compareTo(SHORTEST) < 0 ? SHORTEST : wanted;
    }
}
