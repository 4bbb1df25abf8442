package io.pilothouse.apiserver.admission.plugins;

import io.pilothouse.apiserver.admission.AdmissionPlugin;
import io.pilothouse.apiserver.admission.AdmissionRequest;
import io.pilothouse.apiserver.kinds.Trees;
import java.util.HashSet;
import java.util.List;

/** DenyServiceExternalIPs: a service gets no external addresses that it does not have. */
public final class DenyServiceExternalIps implements AdmissionPlugin {
    @Override
    public String name() {
        return "DenyServiceExternalIPs";
    }

    @Override
    public void validate(AdmissionRequest request) {
        var service = request.object();
        if (service == null || !request.isWhole("", "services") || !(request.creates() || request.updates())) {
            return;
        }
        var old = request.old();
        var wanted = Trees.strings(service.path("spec").path("externalIPs"));
        List<String> present =
                old == null ? List.of() : Trees.strings(old.path("spec").path("externalIPs"));
        if (!new HashSet<>(present).containsAll(wanted)) {
            throw request.forbidden("Use of external IPs is denied by admission control");
        }
    }
}
