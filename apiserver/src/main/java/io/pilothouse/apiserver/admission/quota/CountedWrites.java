package io.pilothouse.apiserver.admission.quota;

import io.pilothouse.apiserver.admission.AdmissionRequest;
import io.pilothouse.machinery.quota.ClaimUsage;
import io.pilothouse.machinery.quota.PodUsage;

/** Which writes can change what is used of a quota. */
final class CountedWrites {
    private CountedWrites() {}

    static boolean counts(AdmissionRequest request) {
        return switch (request.groupResource().toString()) {
            case "pods" -> pod(request);
            case "persistentvolumeclaims" -> claim(request);
            case "services", "resourceclaims.resource.k8s.io" ->
                request.subresource().isEmpty() && (request.creates() || request.updates());
            default -> request.subresource().isEmpty() && request.creates();
        };
    }

    private static boolean pod(AdmissionRequest request) {
        var object = request.object();
        var old = request.old();
        if (request.subresource().equals("resize")) {
            return request.updates();
        }
        return request.subresource().isEmpty()
                && (request.creates()
                        || (request.updates()
                                && object != null
                                && old != null
                                && PodUsage.ends(object) != PodUsage.ends(old)));
    }

    private static boolean claim(AdmissionRequest request) {
        var object = request.object();
        var old = request.old();
        return switch (request.subresource()) {
            case "" -> request.creates() || request.updates();
            case "status" ->
                object != null
                        && old != null
                        && (!ClaimUsage.allocated(object).equals(ClaimUsage.allocated(old))
                                || !ClaimUsage.attributeClasses(object).equals(ClaimUsage.attributeClasses(old)));
            default -> false;
        };
    }
}
