package io.pilothouse.machinery.cel;

import static org.assertj.core.api.Assertions.assertThat;

import io.pilothouse.machinery.cel.AdmissionEvaluation.Inputs;
import io.pilothouse.machinery.cel.AdmissionEvaluation.OutOfBudgetException;
import io.pilothouse.machinery.cel.AdmissionExpressions.Scope;
import io.pilothouse.machinery.cel.AdmissionExpressions.Wanted;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CelLibrariesTest {
    private static AdmissionEvaluation.Result run(String expression) throws OutOfBudgetException {
        var expressions = new AdmissionExpressions();
        var program = new AdmissionProgram.Factory()
                .program(expression, expressions.compile(expression, new Scope(false, false, false), Wanted.ANYTHING));
        return new AdmissionEvaluation(new Inputs(), Map.of(), AdmissionEvaluation.BUDGET).run(program);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "url('https://u@h.com:80/a%20b?x=1&x=2').getHostname() == 'h.com'",
                "url('https://h.com:80/a%20b').getEscapedPath() == '/a%20b'",
                "url('https://h.com/a?x=1&x=2').getQuery()['x'] == ['1', '2']",
                "isURL('/a') && !isURL('h')",
                "ip('10.0.0.1').family() == 4 && ip('::1').isLoopback()",
                "!isIP('1.2.3') && !isIP('::ffff:1.2.3.4') && !isIP('fe80::1%eth0')",
                "!ip.isCanonical('::0001') && ip.isCanonical('::1')",
                "cidr('10.1.2.3/8').containsIP('10.9.9.9') && !cidr('10.0.0.0/8').containsIP(ip('11.0.0.0'))",
                "cidr('10.1.2.3/8').masked() == cidr('10.0.0.0/8')",
                "cidr('10.0.0.0/8').containsCIDR('10.1.0.0/16') && !cidr('10.1.0.0/16').containsCIDR('10.0.0.0/8')",
                "string(cidr('10.0.0.0/8').ip()) == '10.0.0.0' && cidr('10.0.0.0/8').prefixLength() == 8",
                "semver('1.2.3').isLessThan(semver('1.3.0-rc.1'))",
                "semver('1.0.0-alpha.2').isLessThan(semver('1.0.0-alpha.10'))",
                "semver('1.0.0+a').compareTo(semver('1.0.0+b')) == 0",
                "!isSemver('v1.2') && isSemver('v1.2', true) && semver('v01.2', true).major() == 1",
                "format.dns1123Label().validate('A_').hasValue()",
                "!format.named('uuid').value().validate('123e4567-e89b-12d3-a456-426614174000').hasValue()",
                "!format.named('nope').hasValue()"
            })
    void functionsOfKubernetes(String expression) throws OutOfBudgetException {
        var result = run(expression);
        assertThat(result.problem()).isEmpty();
        assertThat(result.isTrue()).isTrue();
    }

    @Test
    void whatAFunctionRefusesIsToldInItsWords() throws OutOfBudgetException {
        assertThat(run("ip('x').family() == 4").problem())
                .endsWith(
                        "IP Address \"x\" parse error during conversion from string: ParseAddr(\"x\"): unable to parse IP");
    }
}
