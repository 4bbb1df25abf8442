package io.pilothouse.machinery.cel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pilothouse.machinery.cel.AccessCheck.Answer;
import io.pilothouse.machinery.cel.AdmissionEvaluation.Inputs;
import io.pilothouse.machinery.cel.AdmissionEvaluation.OutOfBudgetException;
import io.pilothouse.machinery.cel.AdmissionEvaluation.Result;
import io.pilothouse.machinery.cel.AdmissionExpressions.Scope;
import io.pilothouse.machinery.cel.AdmissionExpressions.Wanted;
import io.pilothouse.machinery.codec.Json;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class AdmissionEvaluationTest {
    private static final Scope SCOPE = new Scope(true, true, false);
    private static final Scope PATCHES = new Scope(true, true, true);

    private final AdmissionProgram.Factory factory = new AdmissionProgram.Factory();
    private final AdmissionExpressions expressions = new AdmissionExpressions();
    private final Map<String, AdmissionProgram> variables = new LinkedHashMap<>();
    private final Inputs inputs = new Inputs()
            .put(
                    "object",
                    Json.tree("{\"metadata\":{\"name\":\"abc\"},\"spec\":{\"replicas\":3}}"
                            .getBytes(StandardCharsets.UTF_8)))
            .put("oldObject", null)
            .authorizer(q -> new Answer(q.verb().equals("get"), q.account(), ""), "apps", "deployments", "", "ns", "n");

    private AdmissionProgram program(String expression, Scope scope) {
        return factory.program(expression, expressions.compile(expression, scope, Wanted.ANYTHING));
    }

    private Result run(String expression, long budget) throws OutOfBudgetException {
        return new AdmissionEvaluation(inputs, variables, budget).run(program(expression, SCOPE));
    }

    private Result run(String expression) throws OutOfBudgetException {
        return run(expression, AdmissionEvaluation.BUDGET);
    }

    private void declare(String name, String expression) {
        expressions.compose();
        variables.put(name, factory.program(expression, expressions.declare(name, expression, SCOPE)));
    }

    @Test
    void expressionsSeeTheObjectAndThatThereIsNoOldOne() throws OutOfBudgetException {
        assertThat(run("object.metadata.name == 'abc' && oldObject == null").isTrue())
                .isTrue();
        assertThat(run("object.spec.replicas <= 2").isFalse()).isTrue();
    }

    @Test
    void whatGoesWrongIsToldAsUpstreamTellsIt() throws OutOfBudgetException {
        assertThat(run("object.foo.bar").problem())
                .isEqualTo("expression 'object.foo.bar' resulted in error: no such key: foo");
        assertThat(run("1 / 0 == 1").problem()).endsWith("division by zero");
        assertThat(run("nope").problem()).startsWith("compilation error: compilation failed: ERROR: <input>:1:1:");
    }

    @Test
    void variablesAreSeenByWhatFollows() throws OutOfBudgetException {
        declare("n", "size(object.metadata.name)");
        declare("twice", "variables.n * 2");
        declare("bad", "object.nope");
        assertThat(run("variables.twice == 6").isTrue()).isTrue();
        assertThat(run("variables.bad == 1").problem())
                .endsWith("composited variable \"bad\" fails to evaluate: no such key: nope");
    }

    @Test
    void permissionsCanBeAskedFor() throws OutOfBudgetException {
        assertThat(run("authorizer.requestResource.check('get').allowed()").isTrue())
                .isTrue();
        assertThat(run("authorizer.serviceAccount('a', 'b').path('/x').check('put').reason()")
                        .text())
                .isEqualTo("a/b");
    }

    @Test
    void permissionsAreAskedForWithSelectors() throws OutOfBudgetException {
        inputs.authorizer(
                q -> new Answer(true, q.fieldSelector() + "|" + q.labelSelector(), "a rule is missing"),
                "",
                "pods",
                "",
                "ns",
                "");
        String check = "authorizer.group('').resource('pods').fieldSelector('x').fieldSelector('spec.nodeName=n')"
                + ".labelSelector('a in (').namespace('ns').check('list')";
        assertThat(run(check + ".reason()").text()).isEqualTo("spec.nodeName=n|a in (");
        assertThat(run(check + ".errored() && " + check + ".error() == 'a rule is missing'")
                        .problem())
                .isEqualTo("");
        assertThat(run("authorizer.requestResource.check('get').reason()").text())
                .isEqualTo("|");
    }

    @Test
    void whatCostsTooMuchEnds() throws OutOfBudgetException {
        String check = "authorizer.path('/x').check('get').allowed()";
        assertThat(run(check + " && " + check + " && " + check).problem())
                .endsWith("operation cancelled: actual cost limit exceeded");
        assertThatThrownBy(() -> run(check, 1000))
                .isInstanceOf(OutOfBudgetException.class)
                .hasMessage(
                        "validation failed due to running out of cost budget, no further validation rules will be run");
    }

    @Test
    void objectsAreMadeAsMaps() throws OutOfBudgetException {
        var made = program(
                "Object{spec: Object.spec{replicas: 4, items: [Object.spec.items{a: 'b'}], ?gone: optional.none()}}",
                PATCHES);
        assertThat(made.misnamed()).isEmpty();
        assertThat(new AdmissionEvaluation(inputs, variables, 1000).run(made).tree())
                .hasToString("{\"spec\":{\"replicas\":4,\"items\":[{\"a\":\"b\"}]}}");
        assertThat(program("Object{spec: Object.foo{x: 1}}", PATCHES).misnamed())
                .isEqualTo("unexpected type name \"Object.foo\", expected \"Object.spec\", which matches field name"
                        + " path from root Object type");
        assertThat(program("[JSONPatch{op: 'add', path: '/spec', value: Object.spec{replicas: 1}}]", PATCHES)
                        .misnamed())
                .isEmpty();
    }
}
