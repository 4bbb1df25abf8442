package io.pilothouse.apiserver.authz;

import static org.assertj.core.api.Assertions.assertThat;

import io.pilothouse.machinery.codec.Json;
import io.pilothouse.machinery.selector.Operator;
import io.pilothouse.machinery.selector.Requirement;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class SelectorTermsTest {
    @Test
    void fieldRequirementsReadLikeParsedSelectors() {
        var terms = SelectorTerms.fieldsOf(Json.tree("""
                {"requirements":[{"key":"spec.nodeName","operator":"In","values":["n1"]},{"key":"x","operator":"Exists"}]}""".getBytes(StandardCharsets.UTF_8)));

        assertThat(terms.requirements())
                .containsExactly(new Requirement("spec.nodeName", Operator.EQUALS, List.of("n1")));
        assertThat(terms.failed()).isTrue();
        assertThat(SelectorTerms.ofFields("spec.nodeName=n1").requirements()).isEqualTo(terms.requirements());
    }

    @Test
    void whatCannotBeReadAsksForEverything() {
        assertThat(SelectorTerms.ofLabels("a in (")).isEqualTo(new SelectorTerms(List.of(), true));
        assertThat(SelectorTerms.ofLabels("")).isEqualTo(SelectorTerms.NONE);
    }
}
