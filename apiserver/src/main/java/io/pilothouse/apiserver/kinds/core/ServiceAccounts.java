package io.pilothouse.apiserver.kinds.core;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.catalog.Strategy;
import io.pilothouse.apiserver.catalog.Subresource;
import io.pilothouse.apiserver.catalog.WriteContext;
import io.pilothouse.apiserver.kinds.Trees;
import io.pilothouse.apiserver.table.TableWriter;
import io.pilothouse.machinery.meta.GroupVersionKind;
import io.pilothouse.machinery.meta.ObjectMeta;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** core/v1 ServiceAccount. */
public final class ServiceAccounts {
    private static final String MOUNTABLE = "kubernetes.io/enforce-mountable-secrets";

    private ServiceAccounts() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of("", "serviceaccounts", "serviceaccount", "ServiceAccount")
                .version("v1", schemas)
                .shortNames("sa")
                .returnsDeletedObject()
                .strategy(new Rules())
                .subresource(new Subresource.Action(
                        "token", new GroupVersionKind("authentication.k8s.io", "v1", "TokenRequest")))
                .columns(TableWriter.name(), TableWriter.age())
                .build();
    }

    private static final class Rules implements Strategy {
        @Override
        public void prepareForCreate(ObjectNode object, WriteContext context) {
            namesOnly(object);
        }

        @Override
        public void prepareForUpdate(ObjectNode object, ObjectNode old, WriteContext context) {
            namesOnly(object);
        }

        /** Secrets are named, and nothing else of them is kept. */
        private static void namesOnly(ObjectNode object) {
            Trees.each(
                    object,
                    "secrets",
                    secret -> secret.properties().removeIf(e -> !e.getKey().equals("name")));
        }

        @Override
        public List<String> warnings(ObjectNode object, @Nullable ObjectNode old) {
            boolean isNew = ObjectMeta.annotation(object, MOUNTABLE).isPresent()
                    && (old == null || ObjectMeta.annotation(old, MOUNTABLE).isEmpty());
            return isNew
                    ? List.of(
                            "metadata.annotations[" + MOUNTABLE
                                    + "]: deprecated in v1.32+; prefer separate namespaces to isolate access to mounted secrets")
                    : List.of();
        }
    }
}
