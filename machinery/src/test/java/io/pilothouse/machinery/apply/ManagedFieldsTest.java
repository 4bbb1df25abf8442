package io.pilothouse.machinery.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.codec.Json;
import io.pilothouse.machinery.codec.TypedReader;
import io.pilothouse.machinery.meta.GroupVersionKind;
import io.pilothouse.machinery.meta.ObjectMeta;
import io.pilothouse.machinery.schema.BuiltInTypes;
import io.pilothouse.machinery.schema.TypeSchema;
import io.pilothouse.machinery.status.StatusException;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ManagedFieldsTest {
    private static final BuiltInTypes TYPES = BuiltInTypes.load();
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2026-01-01T00:00:00Z"), ZoneOffset.UTC);
    private final ManagedFields maps = manager("", "v1", "ConfigMap");

    private static TypeSchema type(GroupVersionKind kind) {
        return TYPES.type(kind).orElseThrow();
    }

    private static ManagedFields manager(String group, String version, String kind) {
        GroupVersionKind gvk = new GroupVersionKind(group, version, kind);
        return new ManagedFields(gvk, type(gvk), "", new FieldSet(), VersionConverter.NONE, CLOCK);
    }

    private static ObjectNode json(String text) {
        return (ObjectNode) Json.tree(text.replace('\'', '"'));
    }

    private static ObjectNode map(String rest) {
        return json("{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'a'}" + (rest.isEmpty() ? "" : "," + rest)
                + "}");
    }

    /** What the server makes of an object between writes. */
    private static ObjectNode stored(ObjectNode object) {
        ObjectNode read = TypedReader.read(object, type(GroupVersionKind.of(object)));
        ObjectMeta.setUid(read, "u");
        return read;
    }

    private ObjectNode apply(ObjectNode live, String manager, String rest) {
        return stored(maps.apply(live, map(rest), manager, false));
    }

    private static String owners(ObjectNode object) {
        List<String> out = new ArrayList<>();
        for (JsonNode e : ObjectMeta.of(object).path("managedFields")) {
            out.add(e.path("manager").asText() + (e.path("operation").asText().equals("Apply") ? "" : "/U")
                    + (e.has("time") ? "" : "-") + " "
                    + Json.text(e.get("fieldsV1")).replace("\"", ""));
        }
        return String.join(" | ", out);
    }

    @Test
    void createsAndRemovesWhatNobodyElseOwns() {
        ObjectNode a = apply(null, "m1", "'data':{'k':'v','x':'1'}");
        assertThat(owners(a)).isEqualTo("m1 {f:data:{f:k:{},f:x:{}}}");
        ObjectNode b = apply(a, "m1", "'data':{'k':'v'}");
        assertThat(b.get("data")).isEqualTo(json("{'k':'v'}"));
        ObjectNode c = apply(b, "m1", "");
        assertThat(c.has("data")).isFalse();
        assertThat(owners(c)).isEmpty();
        assertThat(owners(apply(null, "m1", "'data':{}"))).isEqualTo("m1 {f:data:{}}");
    }

    @Test
    void sharesEqualValuesAndConflictsOverOthers() {
        ObjectNode a = apply(null, "m1", "'data':{'k':'v','x':'1'}");
        ObjectNode b = apply(a, "m2", "'data':{'k':'v'}");
        assertThat(owners(b)).isEqualTo("m2- {f:data:{f:k:{}}} | m1 {f:data:{f:k:{},f:x:{}}}");
        assertThatThrownBy(() -> apply(b, "m2", "'data':{'k':'w'}"))
                .isInstanceOf(StatusException.class)
                .hasMessage("Apply failed with 1 conflict: conflict with \"m1\": .data.k");
        ObjectNode forced = stored(maps.apply(b, map("'data':{'k':'w'}"), "m2", true));
        assertThat(owners(forced)).isEqualTo("m1 {f:data:{f:x:{}}} | m2 {f:data:{f:k:{}}}");
        ObjectNode left = apply(b, "m1", "'data':{'x':'1'}");
        assertThat(left.get("data")).isEqualTo(json("{'k':'v','x':'1'}"));
    }

    @Test
    void recordsUpdates() {
        ObjectNode a = stored(maps.update(null, stored(map("'data':{'k':'v'}")), "creator"));
        assertThat(owners(a)).isEqualTo("creator/U {f:data:{.:{},f:k:{}}}");
        ObjectNode b = maps.update(a, stored(map("'data':{'k':'v','p':'1'}")), "putter");
        assertThat(owners(b)).isEqualTo("creator/U {f:data:{.:{},f:k:{}}} | putter/U {f:data:{f:p:{}}}");
        ObjectNode c = maps.update(b, stored(map("'data':{'p':'2'}")), "creator");
        assertThat(owners(c)).isEqualTo("creator/U {f:data:{.:{},f:p:{}}}");
        assertThatThrownBy(() -> apply(c, "m1", "'data':{'p':'3'}"))
                .hasMessage("Apply failed with 1 conflict: conflict with \"creator\" using v1: .data.p");
    }

    @Test
    void tracksNothingOnceCleared() {
        ObjectNode a = apply(null, "m1", "'data':{'k':'v'}");
        ObjectNode cleared = maps.update(
                a,
                stored(
                        json(
                                "{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'a','managedFields':[{}]},'data':{'k':'v'}}")),
                "x");
        assertThat(owners(cleared)).isEmpty();
        ObjectNode b = stored(maps.update(cleared, stored(map("'data':{'k':'v','n':'1'}")), "up"));
        assertThat(owners(b)).isEmpty();
        assertThatThrownBy(() -> apply(b, "m2", "'data':{'k':'w'}"))
                .hasMessageContaining("conflict with \"before-first-apply\" using v1: .data.k");
    }

    @Test
    void ownsElementsOfListsByKey() {
        ManagedFields deployments = manager("apps", "v1", "Deployment");
        String head =
                "{'apiVersion':'apps/v1','kind':'Deployment','metadata':{'name':'d','finalizers':['b','a']},'spec':{'selector':{'matchLabels':{'app':'d'}},'template':{'metadata':{'labels':{'app':'d'}},'spec':{'containers':";
        ObjectNode a = stored(deployments.apply(
                null,
                json(head + "[{'name':'c','image':'i','ports':[{'containerPort':80}],'args':['x']}]}}}}"),
                "m1",
                false));
        assertThat(owners(a))
                .isEqualTo(
                        "m1 {f:metadata:{f:finalizers:{v:\\a\\:{},v:\\b\\:{}}},f:spec:{f:selector:{},f:template:{f:metadata:{f:labels:{f:app:{}}},"
                                + "f:spec:{f:containers:{k:{\\name\\:\\c\\}:{.:{},f:args:{},f:image:{},f:name:{},f:ports:{k:{\\containerPort\\:80,\\protocol\\:\\TCP\\}:{.:{},f:containerPort:{}}}}}}}}}");
        ObjectNode b = stored(deployments.apply(
                a, json(head.replace("'b','a'", "'a'") + "[{'name':'e','image':'j'}]}}}}"), "m2", false));
        assertThat(b.at("/spec/template/spec/containers").findValuesAsText("name"))
                .containsExactly("c", "e");
        ObjectNode c = stored(deployments.apply(
                b, json(head.replace("'b','a'", "'a'") + "[{'name':'d','image':'j'}]}}}}"), "m1", false));
        assertThat(c.at("/spec/template/spec/containers").findValuesAsText("name"))
                .containsExactly("e", "d");
        assertThat(Json.text(c.at("/metadata/finalizers"))).isEqualTo("[\"a\"]");
    }

    @Test
    void refusesWhatDoesNotFit() {
        assertThatThrownBy(() -> apply(null, "m", "'nosuch':1"))
                .hasMessage(
                        "failed to create typed patch object (/a; /v1, Kind=ConfigMap): .nosuch: field not declared in schema");
        assertThatThrownBy(() -> maps.apply(null, json("{'apiVersion':'v1','kind':'Secret'}"), "m", false))
                .hasMessage("invalid object type: /v1, Kind=Secret");
        assertThatThrownBy(() -> maps.apply(
                        null,
                        json("{'apiVersion':'v1','kind':'ConfigMap','metadata':{'managedFields':[]}}"),
                        "m",
                        false))
                .hasMessage("metadata.managedFields must be nil");
        ManagedFields services = manager("", "v1", "Service");
        assertThatThrownBy(() -> services.apply(
                        null,
                        json(
                                "{'apiVersion':'v1','kind':'Service','metadata':{'name':'s'},'spec':{'ports':[{'port':80},{'port':80}]}}"),
                        "m",
                        false))
                .hasMessageContaining(".spec.ports: duplicate entries for key [port=80,protocol=\"TCP\"]");
    }

    @Test
    void carriesReplicasToTheScaleAndBack() {
        ScaleManagedFields scales = new ScaleManagedFields("apps/v1", Map.of("apps/v1", "spec.replicas"));
        ObjectNode parent = json(
                "{'metadata':{'managedFields':[{'manager':'m1','operation':'Apply','apiVersion':'apps/v1','time':'2026-01-01T00:00:00Z',"
                        + "'fieldsType':'FieldsV1','fieldsV1':{'f:spec':{'f:replicas':{},'f:paused':{}}}}]}}");
        ObjectNode scale =
                json("{'apiVersion':'autoscaling/v1','kind':'Scale','metadata':{'name':'d'},'spec':{'replicas':1}}");
        scales.toScale(parent, scale);
        assertThat(owners(scale)).isEqualTo("m1 {f:spec:{f:replicas:{}}}");
        GroupVersionKind kind = new GroupVersionKind("autoscaling", "v1", "Scale");
        ManagedFields managed =
                new ManagedFields(kind, type(kind), "scale", new FieldSet(), VersionConverter.NONE, CLOCK);
        ObjectNode written = scale.deepCopy();
        ((ObjectNode) written.get("spec")).put("replicas", 5);
        scales.toParent(managed.update(stored(scale), stored(written), "scaler"), parent);
        assertThat(owners(parent)).isEqualTo("m1 {f:spec:{f:paused:{}}} | scaler/U- {f:spec:{f:replicas:{}}}");
    }

    @Test
    void takesOverFromClientSideApply() {
        String last =
                "{\\'apiVersion\\':\\'v1\\',\\'kind\\':\\'ConfigMap\\',\\'metadata\\':{\\'name\\':\\'a\\'},\\'data\\':{\\'k\\':\\'v\\'}}";
        ObjectNode raw = json(
                "{'apiVersion':'v1','kind':'ConfigMap','metadata':{'name':'a','annotations':{'kubectl.kubernetes.io/last-applied-configuration':'"
                        + last + "'}},'data':{'k':'v'}}");
        ObjectNode a = stored(maps.update(null, stored(raw), "kubectl-client-side-apply"));
        ObjectNode b = apply(a, "kubectl", "'data':{'k':'w'}");
        assertThat(ObjectMeta.annotation(b, "kubectl.kubernetes.io/last-applied-configuration"))
                .hasValue(
                        "{\"apiVersion\":\"v1\",\"data\":{\"k\":\"w\"},\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"a\"}}\n");
    }

    @Test
    void ownsListElementsWhoseOptionalKeysAreMissing() {
        var claims = manager("resource.k8s.io", "v1", "ResourceClaim");
        var claim = json("{'apiVersion':'resource.k8s.io/v1','kind':'ResourceClaim','metadata':{'name':'a'},'spec':{},"
                + "'status':{'devices':[{'driver':'d','pool':'p','device':'x'}]}}");
        var fields = ObjectMeta.of(claims.update(null, claim, "m")).at("/managedFields/0/fieldsV1/f:status/f:devices");
        assertThat(fields.has("k:{'device':'x','driver':'d','pool':'p'}".replace('\'', '"')))
                .isTrue();
    }
}
