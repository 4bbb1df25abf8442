package io.pilothouse.apiserver.kinds.flowcontrol;

import static org.assertj.core.api.Assertions.assertThat;

import io.pilothouse.apiserver.kinds.BuiltInResources;
import io.pilothouse.machinery.schema.BuiltInTypes;
import org.junit.jupiter.api.Test;

class FlowControlDefaultsTest {
    private final FlowControlDefaults defaults =
            FlowControlDefaults.load(BuiltInResources.schemas(BuiltInTypes.load()));

    @Test
    void areValidThemselves() {
        assertThat(defaults.levels())
                .hasSize(8)
                .allSatisfy(entry -> assertThat(PriorityLevelValidation.check(entry.object(), defaults))
                        .isEmpty());
        assertThat(defaults.schemas())
                .hasSize(11)
                .allSatisfy(entry -> assertThat(FlowSchemaValidation.check(entry.object(), defaults))
                        .isEmpty());
    }

    @Test
    void cannotBeChangedWhereTheyAreMandatory() {
        var catchAll = defaults.levels().get(1).object().deepCopy();
        catchAll.withObjectProperty("spec").withObjectProperty("limited").put("nominalConcurrencyShares", 9);
        assertThat(PriorityLevelValidation.check(catchAll, defaults))
                .singleElement()
                .satisfies(error ->
                        assertThat(error.message()).endsWith("spec of 'catch-all' must equal the fixed value"));
        var exempt = defaults.levels().get(0).object().deepCopy();
        exempt.withObjectProperty("spec").withObjectProperty("exempt").put("lendablePercent", 50);
        assertThat(PriorityLevelValidation.check(exempt, defaults)).isEmpty();
    }
}
