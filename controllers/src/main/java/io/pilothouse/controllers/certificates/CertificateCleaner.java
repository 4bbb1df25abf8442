package io.pilothouse.controllers.certificates;

import io.fabric8.kubernetes.api.model.certificates.v1.CertificateSigningRequest;
import io.pilothouse.controllers.informers.Cache;
import io.pilothouse.controllers.runtime.ControllerContext;
import java.time.Duration;
import java.time.Instant;

/** Deletes requests that nobody will look at again: an hour after they were answered, a day after they were made and not answered. */
public final class CertificateCleaner {
    private static final Duration ANSWERED = Duration.ofHours(1);
    private static final Duration PENDING = Duration.ofHours(24);
    private static final Duration PERIOD = Duration.ofHours(1);

    private final ControllerContext context;
    private final Cache<CertificateSigningRequest> requests;

    /** Joins a context. */
    public CertificateCleaner(ControllerContext context) {
        this.context = context;
        this.requests = context.cache(CertificateSigningRequest.class);
        context.every("csr-cleaner", PERIOD, this::clean);
    }

    private void clean() {
        Instant now = context.clock().instant();
        requests.all().stream()
                .filter(request -> isOld(request, now))
                .forEach(request -> context.client().resource(request).delete());
    }

    private static boolean isOld(CertificateSigningRequest request, Instant now) {
        boolean answered = Request.has(request, "Denied")
                || Request.has(request, "Failed")
                || (request.getStatus() != null && request.getStatus().getCertificate() != null);
        return Instant.parse(request.getMetadata().getCreationTimestamp())
                .plus(answered ? ANSWERED : PENDING)
                .isBefore(now);
    }
}
