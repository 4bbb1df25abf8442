package io.pilothouse.machinery.cel;

import static org.assertj.core.api.Assertions.assertThat;

import io.pilothouse.machinery.cel.AdmissionExpressions.Scope;
import io.pilothouse.machinery.cel.AdmissionExpressions.Wanted;
import org.junit.jupiter.api.Test;

class AdmissionExpressionsTest {
    private static final Scope PLAIN = new Scope(false, true, false);
    private static final Scope PATCHES = new Scope(false, true, true);

    private final AdmissionExpressions expressions = new AdmissionExpressions();

    @Test
    void seesTheRequestAndItsAuthorizer() {
        assertThat(expressions
                        .compile(
                                "request.userInfo.username == 'a' && authorizer.group('').resource('pods').check('get').allowed()"
                                        + " && authorizer.requestResource.check('custom').allowed()"
                                        + " && namespaceObject.metadata.labels.size() == 0",
                                PLAIN,
                                Wanted.BOOL)
                        .failure())
                .isEmpty();
    }

    @Test
    void wantsTheExactType() {
        assertThat(expressions.compile("object.spec.paused", PLAIN, Wanted.BOOL).failure())
                .contains("must evaluate to bool but got dyn");
        assertThat(expressions.compile("1", PLAIN, Wanted.STRING_OR_NULL).failure())
                .contains("must evaluate to one of [string null_type] but got int");
    }

    @Test
    void declaresVariablesOneAfterTheOther() {
        expressions.compose();
        assertThat(expressions.declare("a", "1 + 1", PLAIN).failure()).isEmpty();
        assertThat(expressions.declare("b", "variables.a > 1", PLAIN).failure()).isEmpty();
        assertThat(expressions.compile("variables.b", PLAIN, Wanted.BOOL).failure())
                .isEmpty();
        assertThat(expressions.compile("variables.c", PLAIN, Wanted.BOOL).failure())
                .hasValueSatisfying(problem -> assertThat(problem).contains("undefined field 'c'"));
    }

    @Test
    void makesPatchesOfObjectsOfAnyShape() {
        assertThat(expressions
                        .compile("Object{spec: Object.spec{replicas: 1, x: {'a': 'b'}}}", PATCHES, Wanted.OBJECT)
                        .failure())
                .isEmpty();
        assertThat(expressions
                        .compile(
                                "[JSONPatch{op: 'add', path: '/a/' + jsonpatch.escapeKey('b/c'), value: object.x}]",
                                PATCHES,
                                Wanted.PATCHES)
                        .failure())
                .isEmpty();
        assertThat(expressions.compile("Object{}", PLAIN, Wanted.OBJECT).failure())
                .isPresent();
    }

    @Test
    void knowsNoParametersUnlessThereAreSome() {
        assertThat(expressions.compile("params.x == 1", PLAIN, Wanted.BOOL).failure())
                .isPresent();
        assertThat(expressions
                        .compile("params.x == 1", new Scope(true, true, false), Wanted.BOOL)
                        .failure())
                .isEmpty();
    }
}
