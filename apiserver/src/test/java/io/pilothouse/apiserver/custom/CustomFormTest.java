package io.pilothouse.apiserver.custom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.catalog.ClusterOf;
import io.pilothouse.apiserver.catalog.ResourceDefinition;
import io.pilothouse.apiserver.metrics.ClientMetrics;
import io.pilothouse.apiserver.metrics.Metrics;
import io.pilothouse.apiserver.registry.StoredObject;
import io.pilothouse.machinery.codec.Json;
import io.pilothouse.machinery.schema.BuiltInTypes;
import io.pilothouse.machinery.status.StatusException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class CustomFormTest {
    private static final BuiltInTypes TYPES = BuiltInTypes.load();

    private static List<ResourceDefinition> definitions(String conversion, String... versions) {
        var text = new StringBuilder();
        for (String version : versions) {
            text.append(text.isEmpty() ? "" : ",")
                    .append(
                            "{'name':'%s','served':true,'storage':%b,'selectableFields':[{'jsonPath':'.spec.size'}],'schema':{'openAPIV3Schema':{'type':'object','properties':{'spec':{'type':'object','properties':{'size':{'type':'integer','default':3}}}}}}}"
                                    .formatted(version, text.isEmpty()));
        }
        String definition =
                "{'spec':{'group':'example.com','scope':'Namespaced','conversion':%s,'versions':[%s]},'status':{'acceptedNames':{'plural':'rods','singular':'rod','kind':'Rod','listKind':'RodList'}}}"
                        .formatted(conversion, text);
        return new CustomResource(
                        DefinitionSpec.of((ObjectNode) Json.tree(definition.replace('\'', '"'))),
                        TYPES,
                        new ClusterOf(),
                        new ClientMetrics(new Metrics()))
                .definitions();
    }

    private static final String WEBHOOK =
            "{'strategy':'Webhook','webhook':{'conversionReviewVersions':['v1'],'clientConfig':{'url':'https://localhost:1/'}}}";

    @Test
    void asksNobodyWhereNothingIsConvertedByAWebhook() {
        assertThat(definitions("{'strategy':'None'}", "v1", "v2"))
                .hasSize(2)
                .noneMatch(d -> d.cachedForm().remote());
        assertThat(definitions(WEBHOOK, "v1", "v2"))
                .hasSize(2)
                .allMatch(d -> d.cachedForm().remote());
    }

    @Test
    void hasNothingToConvertWithOneVersion() {
        var only = definitions(WEBHOOK, "v1").getFirst();
        assertThat(only.cachedForm().remote()).isFalse();
        var other = (ObjectNode) Json.tree("{\"apiVersion\":\"example.com/v0\",\"metadata\":{\"name\":\"a\"}}");
        assertThatThrownBy(() -> only.cachedForm().open(other))
                .isInstanceOf(StatusException.class)
                .hasMessageContaining("invalid group/version: example.com/v0");
    }

    @Test
    void readsSelectableFieldsOfTheOpenedObject() {
        var definition = definitions("{'strategy':'None'}", "v1").getFirst();
        var object =
                (ObjectNode) Json.tree("{\"apiVersion\":\"example.com/v1\",\"metadata\":{\"name\":\"a\"},\"spec\":{}}");
        var stored = StoredObject.of(object, 5, Optional.empty());
        assertThat(stored.field("spec.size", definition)).isEqualTo("3");
        assertThat(stored.field("spec.nosuch", definition)).isEmpty();
        assertThat(stored.field("metadata.name", definition)).isEqualTo("a");
    }
}
