package io.pilothouse.apiserver.admission;

import java.util.List;

/** The enabled plugins, in upstream's order. */
public record AdmissionChain(List<AdmissionPlugin> plugins) {
    public AdmissionChain {
        plugins = List.copyOf(plugins);
    }

    public void mutate(AdmissionRequest request) {
        for (var plugin : plugins) {
            plugin.mutate(request);
        }
    }

    public void validate(AdmissionRequest request) {
        for (var plugin : plugins) {
            plugin.validate(request);
        }
    }
}
