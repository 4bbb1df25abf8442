package io.pilothouse.apiserver.admission;

import java.util.ArrayList;
import java.util.List;

/** The enabled plugins, in upstream's order; each is timed in the steps that it has a part in. */
public final class AdmissionChain {
    private static final String ADMIT = "admit";
    private static final String VALIDATE = "validate";

    private final List<AdmissionPlugin> mutating;
    private final List<AdmissionPlugin> validating;
    private final AdmissionMetrics metrics;

    public AdmissionChain(List<AdmissionPlugin> plugins, AdmissionMetrics metrics) {
        this.mutating = havingPart(plugins, "mutate");
        this.validating = havingPart(plugins, "validate");
        this.metrics = metrics;
    }

    /** Those that do something there. */
    private static List<AdmissionPlugin> havingPart(List<AdmissionPlugin> plugins, String step) {
        var having = new ArrayList<AdmissionPlugin>();
        for (var plugin : plugins) {
            try {
                var method = plugin.getClass().getMethod(step, AdmissionRequest.class);
                if (method.getDeclaringClass() != AdmissionPlugin.class) {
                    having.add(plugin);
                }
            } catch (NoSuchMethodException e) {
                throw new IllegalStateException("every plugin has it", e);
            }
        }
        return List.copyOf(having);
    }

    /** Lets the plugins change the object: all once, and once more those that asked for it when others changed it after them. */
    public void mutate(AdmissionRequest request) {
        metrics.step(ADMIT, request, this::mutateAll);
    }

    private void mutateAll(AdmissionRequest request) {
        pass(request);
        if (request.reinvocation().begin()) {
            pass(request);
        }
    }

    private void pass(AdmissionRequest request) {
        for (var plugin : mutating) {
            metrics.plugin(plugin.name(), ADMIT, request, plugin::mutate);
        }
    }

    public void validate(AdmissionRequest request) {
        metrics.step(VALIDATE, request, this::validateAll);
    }

    private void validateAll(AdmissionRequest request) {
        for (var plugin : validating) {
            metrics.plugin(plugin.name(), VALIDATE, request, plugin::validate);
        }
    }
}
