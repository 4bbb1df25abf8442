package io.pilothouse.machinery.cel;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.codec.Json;
import io.pilothouse.machinery.field.FieldError;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SchemaExpressionsTest {
    private static final String PROPERTIES =
            "'n':{'type':'integer'},'f':{'type':'number'},'s':{'type':'string','maxLength':50},'x-y':{'type':'string'},"
                    + "'t':{'type':'string','format':'date-time'},'d':{'type':'string','format':'duration'},'i':{'x-kubernetes-int-or-string':true},"
                    + "'l':{'type':'array','maxItems':10,'items':{'type':'integer'}},'m':{'type':'object','maxProperties':5,'additionalProperties':{'type':'string'}}";
    private static final ObjectNode OBJECT = (ObjectNode)
            json(
                    "{'apiVersion':'g/v1','kind':'K','metadata':{'name':'a','labels':{}},'spec':{'n':3,'f':1.5,"
                            + "'s':'abc','x-y':'z','t':'2020-01-02T03:04:05Z','d':'1h30m','i':'10%','l':[1,2,3],'m':{'k':'v'}}}");

    private static JsonNode json(String text) {
        return Json.tree(text.replace('\'', '"'));
    }

    private static JsonNode schema(String rules) {
        return json("{'type':'object','properties':{'spec':{'type':'object','properties':{" + PROPERTIES
                + "},'x-kubernetes-validations':" + rules + "}}}");
    }

    private static SchemaExpressions rule(String text) {
        ObjectNode rule = (ObjectNode) json("{}");
        rule.put("rule", text);
        JsonNode schema = schema("[]");
        ((ObjectNode) schema.path("properties").path("spec"))
                .putArray("x-kubernetes-validations")
                .add(rule);
        return SchemaExpressions.compile(schema);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "self.n == 3 && self.f > 1.0 && self.n < 3.5",
                "self.s.startsWith('a') && self.x__dash__y == 'z'",
                "self.t.getFullYear() == 2020 && self.t < timestamp('2021-01-01T00:00:00Z')",
                "self.d == duration('90m')",
                "type(self.i) == string && self.i == '10%'",
                "self.l.all(x, x > 0) && self.l.isSorted() && self.l.sum() == 6 && self.l.max() == 3",
                "self.l.indexOf(2) == 1",
                "self.m['k'] == 'v' && 'k' in self.m && self.m.all(k, self.m[k] == 'v')",
                "!has(self.m.zz)",
                "self.?s.orValue('none') == 'abc'",
                "self.s.find('[bc]+') == 'bc' && self.s.findAll('.').size() == 3",
                "quantity('1Gi').isGreaterThan(quantity('1M')) && quantity('2').add(1).asInteger() == 3",
                "'%s-%d'.format([self.s, self.n]) == 'abc-3'",
                "self.s.lowerAscii().split('').size() == 3",
                "self == self"
            })
    void runsWhatKubernetesRuns(String rule) {
        SchemaExpressions expressions = rule(rule);
        assertThat(expressions.problems()).isEmpty();
        assertThat(expressions.validate(OBJECT, null).errors()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "self.nosuch == 1",
                "self +",
                "1 + 1",
                "self.n == 'x'",
                "self.l.all(x, x.size() == 1)",
                "nosuch(self)"
            })
    void refusesWhatDoesNotFitTheSchema(String rule) {
        assertThat(rule(rule).problems()).hasSize(1);
    }

    @Test
    void saysWhatIsBroken() {
        SchemaExpressions expressions = SchemaExpressions.compile(schema(
                "[{'rule':'self.n > 5'},{'rule':'self.n > 5','messageExpression':'\\\"n is \\\" + string(self.n)','fieldPath':'.n','reason':'FieldValueForbidden'},"
                        + "{'rule':'self.m[\\\"q\\\"] == \\\"\\\"'}]"));
        assertThat(expressions.problems()).isEmpty();
        assertThat(expressions.validate(OBJECT, null).errors())
                .extracting(FieldError::message)
                .containsExactly(
                        "spec: Invalid value: failed rule: self.n > 5",
                        "spec.n: Forbidden: n is 3",
                        "spec: Invalid value: \"object\": no such key: q evaluating rule: self.m[\"q\"] == \"\"");
    }

    @Test
    void comparesWithTheValueBefore() {
        SchemaExpressions expressions =
                SchemaExpressions.compile(schema("[{'rule':'self.n >= oldSelf.n'},{'rule':'self.n != 2'}]"));
        ObjectNode less = OBJECT.deepCopy();
        ((ObjectNode) less.path("spec")).put("n", 2);
        assertThat(expressions.validate(less, null).errors()).hasSize(1);
        assertThat(expressions.validate(less, OBJECT).errors()).hasSize(2);
        assertThat(expressions.validate(less, less).errors()).isEmpty();
        assertThat(expressions.validate(less, less).ratcheted()).hasSize(1);
    }

    @Test
    void refusesWhatCouldTakeTooLong() {
        JsonNode schema = json(
                "{'type':'object','properties':{'a':{'type':'array','items':{'type':'array','items':{'type':'string'}},"
                        + "'x-kubernetes-validations':[{'rule':'self.all(x, x.all(y, self.all(z, z.all(w, w != y))))'}]}}}");
        List<SchemaExpressions.Problem> problems =
                SchemaExpressions.compile(schema).problems();
        assertThat(problems).extracting(SchemaExpressions.Problem::cost).containsOnly(true);
        assertThat(problems.getFirst().message())
                .startsWith("estimated rule cost exceeds budget by factor of more than 100x");
    }
}
