package io.pilothouse.apiserver.admission;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

final class AdmissionChoiceTest {
    private static List<String> problems(List<String> enabled, List<String> disabled) {
        return new AdmissionChoice(enabled, disabled, true).problems();
    }

    @Test
    void knownNamesAreFine() {
        assertThat(problems(List.of("NodeRestriction", "ExtendedResourceToleration"), List.of("PodSecurity")))
                .isEmpty();
    }

    @Test
    void everyMistakeIsTold() {
        assertThat(problems(List.of("Banana", "ImagePolicyWebhook", "Priority"), List.of("Priority", "Cherry")))
                .containsExactly(
                        "[Priority] in enable-admission-plugins and disable-admission-plugins overlapped",
                        "enable-admission-plugins plugin \"Banana\" is unknown",
                        "enable-admission-plugins plugin \"ImagePolicyWebhook\" is not supported",
                        "disable-admission-plugins plugin \"Cherry\" is unknown");
    }
}
