package io.pilothouse.machinery.patch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.codec.FieldValidation;
import io.pilothouse.machinery.codec.Json;
import io.pilothouse.machinery.schema.BuiltInTypes;
import io.pilothouse.machinery.status.StatusException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PatchTest {
    private static final String MAP = "{\"data\":{\"k\":\"v\"},\"list\":[1,2]}";
    private final BuiltInTypes types = BuiltInTypes.load();

    private static ObjectNode object(String json) {
        return (ObjectNode) Json.tree(json.replace('\'', '"'));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[{'op':'add','path':'/data/n','value':'1'}]|{'data':{'k':'v','n':'1'},'list':[1,2]}",
                "[{'op':'replace','path':'/data/none','value':'x'}]|{'data':{'k':'v','none':'x'},'list':[1,2]}",
                "[{'op':'copy','from':'/data/none','path':'/data/c'}]|{'data':{'k':'v','c':null},'list':[1,2]}",
                "[{'op':'add','path':'data/k','value':'x'}]|{'data':{'k':'v'},'list':[1,2],'k':'x'}",
                "[{'op':'add','path':'/list/-','value':3}]|{'data':{'k':'v'},'list':[1,2,3]}",
                "[{'op':'add','path':'/list/-1','value':3}]|{'data':{'k':'v'},'list':[1,2,3]}",
                "[{'op':'remove','path':'/list/-1'}]|{'data':{'k':'v'},'list':[1]}",
                "[{'op':'move','from':'/data/k','path':'/data/m'}]|{'data':{'m':'v'},'list':[1,2]}",
                "[{'op':'replace','path':'','value':{}}]|{}",
                "[{'op':'add','path':'/data/k'}]|{'data':{'k':null},'list':[1,2]}",
                "[{'op':'test','path':'/data/k','value':'v'}]|{'data':{'k':'v'},'list':[1,2]}",
                "null|{'data':{'k':'v'},'list':[1,2]}",
                "[{'op':'test','path':'/data/k','value':'no'}]|422",
                "[{'op':'remove','path':'/data/none'}]|422",
                "[{'op':'add','path':'/no/x','value':1}]|422",
                "[{'op':'nope','path':'/data'}]|422",
                "[{'op':'add','value':1}]|422",
                "[{'op':'add','path':'/list/9','value':1}]|422",
                "[{'op':'replace','path':'/list/9','value':1}]|422",
                "[{'path':'/data/k'}]|422",
                "{'op':'add'}|400",
                "[|400",
                "['x']|400"
            })
    void jsonPatch(String patch, String expected) {
        byte[] body = patch.replace('\'', '"').getBytes(UTF_8);
        if (expected.length() == 3) {
            assertThatThrownBy(() -> JsonPatch.parse(body).apply(object(MAP)))
                    .isInstanceOfSatisfying(
                            StatusException.class, e -> assertThat(e.code()).isEqualTo(Integer.parseInt(expected)));
        } else {
            assertThat(Json.text(JsonPatch.parse(body).apply(object(MAP)))).isEqualTo(expected.replace('\'', '"'));
        }
    }

    @Test
    void mergePatch() {
        ObjectNode patch = object("{'data':{'k':null,'n':{'x':null,'y':1}},'list':[3],'new':'z'}");
        assertThat(MergePatch.apply(object(MAP), patch))
                .isEqualTo(object("{'data':{'n':{'y':1}},'list':[3],'new':'z'}"));
        assertThatThrownBy(() -> MergePatch.parse("null".getBytes(UTF_8), FieldValidation.STRICT))
                .hasMessage("Invalid JSON Patch");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{'containers':[{'name':'d','image':'9'}]}|[{'name':'c','image':'1','args':['x']},{'name':'d','image':'9'}]",
                "{'containers':[{'name':'new'}]}|[{'name':'new'},{'name':'c','image':'1','args':['x']},{'name':'d','image':'2'}]",
                "{'containers':[{'name':'c','args':['z']}]}|[{'name':'c','image':'1','args':['z']},{'name':'d','image':'2'}]",
                "{'containers':[{'name':'d','$patch':'delete'}]}|[{'name':'c','image':'1','args':['x']}]",
                "{'containers':[{'$patch':'replace'},{'name':'only'}]}|[{'name':'only'}]",
                "{'$setElementOrder/containers':[{'name':'d'},{'name':'c'}],'containers':[{'name':'d','image':'7'}]}|[{'name':'d','image':'7'},{'name':'c','image':'1','args':['x']}]",
                "{'$setElementOrder/containers':[{'name':'e'},{'name':'c'},{'name':'d'}],'containers':[{'name':'e'}]}|[{'name':'e'},{'name':'c','image':'1','args':['x']},{'name':'d','image':'2'}]",
                "{'$setElementOrder/containers':[{'name':'d'}],'containers':[{'name':'c'}]}|500",
                "{'containers':[{'image':'x'}]}|500",
                "{'containers':['c']}|500",
                "{'containers':[{'name':'c','$patch':'banana'}]}|500",
                "{'$patch':'merge'}|500",
                "{'containers':[{'name':'c','$retainKeys':['name'],'image':'z'}]}|400"
            })
    void strategicContainers(String patch, String expected) {
        ObjectNode live = object("{'containers':[{'name':'c','image':'1','args':['x']},{'name':'d','image':'2'}]}");
        var type = types.named("io.k8s.api.core.v1.PodSpec");
        if (expected.length() == 3) {
            assertThatThrownBy(() -> StrategicMergePatch.apply(live, object(patch), type))
                    .isInstanceOfSatisfying(
                            StatusException.class, e -> assertThat(e.code()).isEqualTo(Integer.parseInt(expected)));
        } else {
            assertThat(Json.text(
                            StrategicMergePatch.apply(live, object(patch), type).get("containers")))
                    .isEqualTo(expected.replace('\'', '"'));
        }
    }

    @Test
    void strategicPrimitivesAndMaps() {
        var meta = types.named("io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta");
        ObjectNode live = object("{'finalizers':['d','a','c'],'labels':{'a':'1'}}");
        assertThat(StrategicMergePatch.apply(
                                live,
                                object("{'finalizers':['e'],'$deleteFromPrimitiveList/finalizers':['a','none']}"),
                                meta)
                        .get("finalizers"))
                .isEqualTo(Json.tree("[\"e\",\"d\",\"c\"]"));
        assertThat(StrategicMergePatch.apply(
                                live,
                                object("{'$setElementOrder/finalizers':['c','x','a','d'],'finalizers':['x']}"),
                                meta)
                        .get("finalizers"))
                .isEqualTo(Json.tree("[\"c\",\"x\",\"a\",\"d\"]"));
        assertThat(StrategicMergePatch.apply(live, object("{'labels':{'$patch':'replace','b':'2'}}"), meta)
                        .get("labels"))
                .isEqualTo(object("{'b':'2'}"));
        assertThat(StrategicMergePatch.apply(live, object("{'labels':{'$patch':'delete'}}"), meta)
                        .get("labels"))
                .isEmpty();
        assertThat(StrategicMergePatch.apply(live, object("{'labels':{'a':null,'c':'3'},'finalizers':null}"), meta))
                .isEqualTo(object("{'labels':{'c':'3'}}"));
    }

    @Test
    void strategicRetainKeys() {
        var spec = types.named("io.k8s.api.apps.v1.DeploymentSpec");
        ObjectNode live = object("{'strategy':{'type':'RollingUpdate','rollingUpdate':{'maxSurge':1}}}");
        assertThat(StrategicMergePatch.apply(
                        live, object("{'strategy':{'$retainKeys':['type'],'type':'Recreate'}}"), spec))
                .isEqualTo(object("{'strategy':{'type':'Recreate'}}"));
    }

    @Test
    void tellsOfBrokenTextsInTheWordsOfItsReader() {
        byte[] open = "[{".getBytes(UTF_8);
        assertThatThrownBy(() -> JsonPatch.parse(open, FieldValidation.WARN))
                .hasMessage("error decoding patch: unexpected end of JSON input");
        assertThatThrownBy(() -> JsonPatch.parse(open, FieldValidation.IGNORE))
                .hasMessage("unexpected end of JSON input");
        assertThatThrownBy(() -> MergePatch.parse("{,}".getBytes(UTF_8), FieldValidation.WARN))
                .hasMessage("error decoding patch: invalid character ',' looking for beginning of object key string");
        assertThatThrownBy(() -> MergePatch.parse(open, FieldValidation.IGNORE)).hasMessage("Invalid JSON Patch");
    }
}
