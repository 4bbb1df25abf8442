package io.pilothouse.apiserver.admission;

import java.util.List;

/** The enabled plugins, in upstream's order. */
public record AdmissionChain(List<AdmissionPlugin> plugins) {
    public AdmissionChain {
        plugins = List.copyOf(plugins);
    }

    /** Lets the plugins change the object: all once, and once more those that asked for it when others changed it after them. */
    public void mutate(AdmissionRequest request) {
        pass(request);
        if (request.reinvocation().begin()) {
            pass(request);
        }
    }

    private void pass(AdmissionRequest request) {
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
