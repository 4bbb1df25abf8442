package io.pilothouse.apiserver.admission.plugins;

import io.pilothouse.apiserver.admission.AdmissionPlugin;
import io.pilothouse.apiserver.admission.AdmissionRequest;

/** AlwaysDeny: refuses every write. Deprecated upstream, and of use in tests only. */
public final class AlwaysDeny implements AdmissionPlugin {
    private static final String REASON = "admission control is denying all modifications";

    @Override
    public String name() {
        return "AlwaysDeny";
    }

    @Override
    public void mutate(AdmissionRequest request) {
        throw request.forbidden(REASON);
    }

    @Override
    public void validate(AdmissionRequest request) {
        throw request.forbidden(REASON);
    }
}
