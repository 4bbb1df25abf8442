package io.pilothouse.apiserver.admission.plugins;

import io.pilothouse.apiserver.admission.AdmissionPlugin;

/** AlwaysAdmit: refuses nothing. Deprecated upstream, as it has no meaning beside other plugins. */
public final class AlwaysAdmit implements AdmissionPlugin {
    @Override
    public String name() {
        return "AlwaysAdmit";
    }
}
