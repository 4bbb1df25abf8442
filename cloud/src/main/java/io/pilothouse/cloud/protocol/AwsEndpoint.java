package io.pilothouse.cloud.protocol;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one endpoint of all services (what AWS_ENDPOINT_URL names): picks the service by the credential scope of the signature, verifies
 * the caller, hands over, and renders every error in the client's own form. Safe for many threads.
 */
public final class AwsEndpoint {
    private static final Logger log = LoggerFactory.getLogger(AwsEndpoint.class);
    private final Authenticator authenticator;
    private final Function<AwsRequest, Optional<String>> scopeService;
    private final Map<String, ServiceHandler> services = new LinkedHashMap<>();

    /** @param scopeService the service that a request's credential scope names, if it has one */
    public AwsEndpoint(
            Authenticator authenticator,
            Function<AwsRequest, Optional<String>> scopeService,
            List<ServiceHandler> services) {
        this.authenticator = authenticator;
        this.scopeService = scopeService;
        services.forEach(s -> this.services.put(s.service(), s));
    }

    /** Answers one request; throws nothing. */
    public AwsResponse handle(AwsRequest request) {
        String requestId = UUID.randomUUID().toString();
        long start = System.nanoTime();
        Optional<String> scoped = scopeService.apply(request);
        ServiceHandler service = scoped.map(services::get).orElseGet(() -> guess(request));
        AwsResponse response;
        String who = "-";
        try {
            if (scoped.isPresent() && !services.containsKey(scoped.get())) {
                throw new AwsException(
                        400,
                        "UnknownService",
                        "The service " + scoped.get() + " is not served here; served are " + services.keySet());
            }
            Authenticator.Authenticated verified =
                    authenticator.authenticate(request, service.service(), service.protocol());
            who = verified.caller().arn();
            response = service.handle(new AwsCall(verified.request(), verified.caller(), requestId));
        } catch (AwsException e) {
            response = service.protocol().error(e, requestId, service.namespace());
            log.atDebug()
                    .addKeyValue("code", e.code())
                    .addKeyValue("message", e.detail())
                    .log("refused");
        } catch (Exception e) {
            log.atError()
                    .setCause(e)
                    .addKeyValue("service", service.service())
                    .addKeyValue("id", requestId)
                    .log("request failed");
            AwsException told = new AwsException(500, "InternalFailure", "An internal error has occurred");
            response = service.protocol().error(told, requestId, service.namespace());
        }
        log.atDebug()
                .addKeyValue("id", requestId)
                .addKeyValue("service", service.service())
                .addKeyValue("caller", who)
                .addKeyValue("method", request.method())
                .addKeyValue("path", request.rawPath())
                .addKeyValue("status", response.status())
                .addKeyValue("ms", (System.nanoTime() - start) / 1_000_000)
                .log("request");
        return response;
    }

    private ServiceHandler guess(AwsRequest request) {
        for (ServiceHandler service : services.values()) {
            if (service.claims(request)) {
                return service;
            }
        }
        boolean query = request.rawQuery().contains("Action=")
                || request.header("content-type").orElse("").contains("form-urlencoded");
        ServiceHandler fallback = services.get(query || !services.containsKey("s3") ? "sts" : "s3");
        return fallback == null ? services.values().iterator().next() : fallback;
    }
}
