package io.pilothouse.apiserver.admission;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.junit.jupiter.api.Test;

final class ReinvocationTest {
    private final Reinvocation reinvocation = new Reinvocation();
    private final ObjectNode object = JsonNodeFactory.instance.objectNode();

    @Test
    void thereIsNoSecondPassWhereNothingChanged() {
        reinvocation.enter("p", object);
        reinvocation.addCandidate("p", "a");
        reinvocation.leave("p", object);
        assertThat(reinvocation.begin()).isFalse();
    }

    @Test
    void onlyThoseRunAgainThatAskedForItAndRanBeforeTheChange() {
        reinvocation.enter("p", object);
        reinvocation.addCandidate("p", "early");
        reinvocation.changed("p");
        reinvocation.addCandidate("p", "late");
        reinvocation.leave("p", object);
        assertThat(reinvocation.begin()).isTrue();
        reinvocation.enter("p", object);
        assertThat(reinvocation.isDue("p", "early")).isTrue();
        assertThat(reinvocation.isDue("p", "late")).isFalse();
        assertThat(reinvocation.isDue("p", "never")).isFalse();
    }

    @Test
    void aPluginThatAnotherOneChangedTheObjectAfterRunsAgain() {
        reinvocation.enter("p", object);
        reinvocation.addCandidate("p", "a");
        reinvocation.leave("p", object);
        reinvocation.changed("other");
        object.put("x", 1);
        assertThat(reinvocation.begin()).isTrue();
        reinvocation.enter("p", object);
        assertThat(reinvocation.isDue("p", "a")).isTrue();
    }
}
