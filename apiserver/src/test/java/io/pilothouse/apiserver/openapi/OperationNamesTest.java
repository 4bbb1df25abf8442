package io.pilothouse.apiserver.openapi;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OperationNamesTest {
    @Test
    void nameOperationsByGroupVersionAndKind() {
        assertThat(OperationNames.id("list", "/api/v1/namespaces/{namespace}/pods", "NamespacedPod"))
                .isEqualTo("listCoreV1NamespacedPod");
        assertThat(OperationNames.id("delete", "/apis/rbac.authorization.k8s.io/v1/roles", "collectionNamespacedRole"))
                .isEqualTo("deleteRbacAuthorizationV1CollectionNamespacedRole");
        assertThat(OperationNames.id("get", "/apis/", "APIVersions")).isEqualTo("getAPIVersions");
        assertThat(OperationNames.id("get", "/apis/flowcontrol.apiserver.k8s.io/", "APIGroup"))
                .isEqualTo("getFlowcontrolApiserverAPIGroup");
    }

    @Test
    void tagByGroupAndVersion() {
        assertThat(OperationNames.tag("/api/v1/pods")).isEqualTo("core_v1");
        assertThat(OperationNames.tag("/apis/apps/")).isEqualTo("apps");
        assertThat(OperationNames.tag("/.well-known/openid-configuration/")).isEqualTo("WellKnown");
    }

    @Test
    void articles() {
        assertThat(OperationNames.article("Endpoints")).isEqualTo(" ");
        assertThat(OperationNames.article("IngressClass")).isEqualTo(" an ");
        assertThat(OperationNames.article("Pod")).isEqualTo(" a ");
    }
}
