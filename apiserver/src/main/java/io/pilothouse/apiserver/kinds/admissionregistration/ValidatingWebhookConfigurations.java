package io.pilothouse.apiserver.kinds.admissionregistration;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.catalog.Strategy;
import io.pilothouse.apiserver.kinds.Trees;

/** admissionregistration.k8s.io/v1 ValidatingWebhookConfiguration. */
public final class ValidatingWebhookConfigurations {
    private ValidatingWebhookConfigurations() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of(
                        "admissionregistration.k8s.io",
                        "validatingwebhookconfigurations",
                        "validatingwebhookconfiguration",
                        "ValidatingWebhookConfiguration")
                .version("v1", schemas)
                .clusterScoped()
                .categories("api-extensions")
                .generation("webhooks")
                .conditionalUpdate()
                .strategy(new Rules())
                .columns(Webhooks.columns())
                .build();
    }

    private static final class Rules implements Strategy {
        @Override
        public void defaults(ObjectNode object) {
            Trees.each(object, "webhooks", Webhooks::fill);
        }
    }
}
