package io.pilothouse.apiserver.openapi;

import io.pilothouse.apiserver.openapi.ApiOperation.Response;
import io.pilothouse.machinery.meta.GroupVersion;
import java.util.List;

/** The operations that are no resource's: discovery, the version, the issuer of tokens. */
final class FixedOperations {
    private static final String META = "io.k8s.apimachinery.pkg.apis.meta.v1.";

    private FixedOperations() {}

    /** {@code /api/} or {@code /apis/}. */
    static ApiOperation versions(boolean core) {
        return new OperationBuilder(core ? "/api/" : "/apis/", "get")
                .named("get", "APIVersions")
                .description("get available API versions")
                .consumes(MediaTypes.OBJECTS)
                .responses(Response.ok(META + (core ? "APIVersions" : "APIGroupList")))
                .build();
    }

    static ApiOperation group(String group) {
        return new OperationBuilder("/apis/" + group + "/", "get")
                .named("get", "APIGroup")
                .description("get information of a group")
                .consumes(MediaTypes.OBJECTS)
                .responses(Response.ok(META + "APIGroup"))
                .build();
    }

    static ApiOperation resources(GroupVersion version) {
        String path = version.group().isEmpty() ? "/api/" + version.version() : "/apis/" + version.apiVersion();
        return new OperationBuilder(path + "/", "get")
                .named("get", "APIResources")
                .description("get available resources")
                .consumes(MediaTypes.OBJECTS)
                .responses(Response.ok(META + "APIResourceList"))
                .build();
    }

    static ApiOperation version() {
        return new OperationBuilder("/version/", "get")
                .id("getCodeVersion")
                .description("get the version information for this server")
                .consumes(List.of(MediaTypes.JSON))
                .produces(List.of(MediaTypes.JSON))
                .responses(Response.ok("io.k8s.apimachinery.pkg.version.Info"))
                .build();
    }

    static ApiOperation issuer() {
        return new OperationBuilder("/.well-known/openid-configuration/", "get")
                .id("getServiceAccountIssuerOpenIDConfiguration")
                .description("get service account issuer OpenID configuration, also known as the 'OIDC discovery doc'")
                .consumes(List.of())
                .produces(List.of(MediaTypes.JSON))
                .responses(Response.ok(Response.TEXT))
                .build();
    }

    static ApiOperation keySet() {
        return new OperationBuilder("/openid/v1/jwks/", "get")
                .id("getServiceAccountIssuerOpenIDKeyset")
                .description(
                        "get service account issuer OpenID JSON Web Key Set (contains public token verification keys)")
                .consumes(List.of())
                .produces(List.of("application/jwk-set+json"))
                .responses(Response.ok(Response.TEXT))
                .build();
    }
}
