package io.pilothouse.apiserver.kinds.pod;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.apiserver.kinds.ResourceNames;
import io.pilothouse.machinery.field.Field;
import io.pilothouse.machinery.field.LabelFormat;
import io.pilothouse.machinery.quantity.Quantity;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a pod's status says of its resource claims. */
final class ClaimStatusValidation {
    private ClaimStatusValidation() {}

    static void check(Field status, Field spec) {
        claims(status.child("resourceClaimStatuses"), spec.value().path("resourceClaims"));
        status.child("extendedResourceClaimStatus").ifPresent(extended -> extended(extended, spec.value()));
        status.child("nodeAllocatableResourceClaimStatuses")
                .each(allocatable -> allocatable(allocatable, status.value(), spec.value()));
    }

    private static void claims(Field statuses, JsonNode claims) {
        var seen = new HashSet<String>();
        statuses.each(status -> {
            var name = status.child("name");
            if (named(claims, name.text()) == null) {
                name.invalid(name.text(), "must match the name of an entry in `spec.resourceClaims`");
            }
            if (!seen.add(name.text())) {
                name.duplicate();
            }
            status.child("resourceClaimName").ifPresent(n -> n.matches(LabelFormat::subdomain));
        });
    }

    private static @Nullable JsonNode named(JsonNode list, String name) {
        JsonNode found = null;
        for (var entry : list) {
            if (entry.path("name").asText("").equals(name)) {
                found = entry;
            }
        }
        return found;
    }

    private static void extended(Field extended, JsonNode spec) {
        var mappings = extended.child("requestMappings");
        if (mappings.isEmpty()) {
            mappings.required("at least one request mapping is required");
        }
        var seen = new HashSet<List<String>>();
        mappings.each(mapping -> {
            var container = mapping.child("containerName");
            var resource = mapping.child("resourceName");
            var request = mapping.child("requestName");
            mapped(container, resource, spec);
            request.placedAt(extended.path().child("requestName")).matches(LabelFormat::label);
            if (!seen.add(List.of(container.text(), resource.text(), request.text()))) {
                container.duplicate(container.text());
                resource.duplicate(resource.text());
                request.duplicate(request.text());
            }
        });
        if (extended.child("resourceClaimName").mustExist()) {
            extended.child("resourceClaimName").matches(LabelFormat::subdomain);
        }
    }

    private static void mapped(Field container, Field resource, JsonNode spec) {
        var found = named(spec.path("containers"), container.text());
        if (found == null) {
            found = named(spec.path("initContainers"), container.text());
        }
        if (found == null) {
            container.invalid(
                    container.text(),
                    "must match the name of an entry in spec.initContainers.name or spec.containers.name");
        } else if (!found.path("resources").path("requests").has(resource.text())) {
            resource.invalid(
                    resource.text(),
                    "must match the extended resource name of an entry in spec.initContainers.resources.requests or"
                            + " spec.containers.resources.requests");
        }
    }

    private static void allocatable(Field allocatable, JsonNode status, JsonNode spec) {
        var name = allocatable.child("resourceClaimName");
        if (name.isEmpty()) {
            name.required("must not be empty");
        }
        if (!claimed(spec.path("resourceClaims"), name.text())
                && !claimed(status.path("resourceClaimStatuses"), name.text())) {
            name.invalid(name.text(), "no mapping found in pod reference");
        }
        if (allocatable.child("containers").isEmpty()) {
            allocatable.child("containers").required("must not be empty");
        }
        var resources = allocatable.child("resources");
        if (resources.isEmpty()) {
            resources.required("must not be empty");
        }
        resources.entries((resource, amount) -> {
            if (!ResourceNames.isNative(resource)) {
                amount.invalid(resource, "must be a node allocatable resource name");
            }
            if (Quantity.parse(amount.text()).signum() < 0) {
                amount.invalid("must be non-negative");
            }
        });
    }

    private static boolean claimed(JsonNode claims, String name) {
        for (var claim : claims) {
            if (claim.path("resourceClaimName").asText("").equals(name)) {
                return claim.has("resourceClaimName");
            }
        }
        return false;
    }
}
