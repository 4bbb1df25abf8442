package io.pilothouse.controlplane.eks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.eks.EksClient;

class OperationsTest {
    private static final List<Operation> ALL = Operations.all(null);

    /** The client of the public API model has a method for each operation. */
    private static Set<String> published() {
        return Arrays.stream(EksClient.class.getMethods())
                .filter(m -> m.getParameterCount() == 1
                        && m.getParameterTypes()[0].getSimpleName().endsWith("Request"))
                .map(m -> m.getParameterTypes()[0].getSimpleName())
                .map(n -> n.substring(0, n.length() - "Request".length()))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void eachPublishedOperationIsServedOrRefusedByName() {
        Set<String> known = ALL.stream().map(Operation::name).collect(Collectors.toSet());
        assertThat(known).containsAll(published());
    }

    @Test
    void eachRouteIsOfOneOperation() {
        assertThat(ALL.stream().map(o -> o.route().replaceAll("\\{\\w+\\}", "{}")))
                .doesNotHaveDuplicates();
    }

    @Test
    void routesAreMatchedOnTheRawPath() {
        RouteTemplate template = RouteTemplate.parse("GET /clusters/{name}/access-entries/{principalArn}");
        assertThat(template.match("GET", "/clusters/demo/access-entries/arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fa%2Fb"))
                .hasValueSatisfying(v -> assertThat(v)
                        .containsEntry("principalArn", "arn:aws:iam::1:role/a/b")
                        .containsEntry("name", "demo"));
        assertThat(template.match("GET", "/clusters/demo/access-entries")).isEmpty();
        assertThat(template.match("DELETE", "/clusters/demo/access-entries/x")).isEmpty();
        assertThat(RouteTemplate.parse("GET /clusters").match("GET", "/clusters/"))
                .isPresent();
    }
}
