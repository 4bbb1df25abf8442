package io.pilothouse.apiserver.kinds.admissionregistration;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.catalog.Strategy;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.apiserver.kinds.Trees;
import io.pilothouse.machinery.field.FieldError;
import java.util.List;
import org.jspecify.annotations.Nullable;

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

        @Override
        public List<FieldError> validate(ObjectNode object, WriteContext context) {
            return WebhookValidation.create(object);
        }

        @Override
        public List<FieldError> validateUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            return WebhookValidation.update(object, old);
        }

        @Override
        public List<String> warnings(ObjectNode object, @Nullable ObjectNode old) {
            return StaticNames.warnings(object);
        }
    }
}
