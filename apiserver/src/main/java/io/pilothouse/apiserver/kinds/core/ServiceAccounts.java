package io.pilothouse.apiserver.kinds.core;

import io.pilothouse.apiserver.catalog.Column;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.catalog.Schemas;
import io.pilothouse.apiserver.catalog.Subresource;
import io.pilothouse.apiserver.table.TableWriter;
import io.pilothouse.machinery.meta.GroupVersionKind;

/** core/v1 ServiceAccount. */
public final class ServiceAccounts {
    private ServiceAccounts() {}

    public static ResourceDefinition definition(Schemas schemas) {
        return ResourceDefinition.of("", "serviceaccounts", "serviceaccount", "ServiceAccount")
                .version("v1", schemas)
                .shortNames("sa")
                .returnsDeletedObject()
                .subresource(new Subresource.Action(
                        "token", new GroupVersionKind("authentication.k8s.io", "v1", "TokenRequest")))
                .columns(
                        TableWriter.name(),
                        Column.number("Secrets", "How many secrets the account may name.", o ->
                                (long) o.path("secrets").size()),
                        TableWriter.age())
                .build();
    }
}
