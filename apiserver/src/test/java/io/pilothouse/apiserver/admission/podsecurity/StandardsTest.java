package io.pilothouse.apiserver.admission.podsecurity;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.machinery.codec.Json;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class StandardsTest {
    private static String check(Level level, int minor, String spec) {
        JsonNode pod = Json.tree(("{\"spec\":" + spec.replace('\'', '"') + "}").getBytes(StandardCharsets.UTF_8));
        return Finding.details(Standards.check(new LevelVersion(level, minor), new PodView(pod)));
    }

    @Test
    void aBarePodIsFineAtTheBaseline() {
        assertThat(check(Level.BASELINE, LevelVersion.LATEST, "{'containers':[{'name':'c'}]}"))
                .isEmpty();
    }

    @Test
    void aBarePodIsNotFineWhenRestricted() {
        assertThat(check(Level.RESTRICTED, LevelVersion.LATEST, "{'containers':[{'name':'c'}]}"))
                .isEqualTo("allowPrivilegeEscalation != false (container \"c\" must set "
                        + "securityContext.allowPrivilegeEscalation=false), unrestricted capabilities (container \"c\" must "
                        + "set securityContext.capabilities.drop=[\"ALL\"]), runAsNonRoot != true (pod or container \"c\" "
                        + "must set securityContext.runAsNonRoot=true), seccompProfile (pod or container \"c\" must set "
                        + "securityContext.seccompProfile.type to \"RuntimeDefault\" or \"Localhost\")");
    }

    @Test
    void restrictedChecksTakeThePlaceOfTheirLikesAtTheBaseline() {
        String spec = "{'volumes':[{'name':'v','hostPath':{}}],'securityContext':{'runAsNonRoot':true,"
                + "'seccompProfile':{'type':'RuntimeDefault'}},'containers':[{'name':'c','securityContext':"
                + "{'allowPrivilegeEscalation':false,'capabilities':{'drop':['ALL']}}}]}";
        assertThat(check(Level.BASELINE, LevelVersion.LATEST, spec)).isEqualTo("hostPath volumes (volume \"v\")");
        assertThat(check(Level.RESTRICTED, LevelVersion.LATEST, spec))
                .isEqualTo("restricted volume types (volume \"v\" uses restricted volume type \"hostPath\")");
    }

    @Test
    void versionsKeepWhatTheyAllowed() {
        String sysctl = "{'securityContext':{'sysctls':[{'name':'net.ipv4.tcp_rmem'}]}}";
        assertThat(check(Level.BASELINE, 31, sysctl)).isEqualTo("forbidden sysctls (net.ipv4.tcp_rmem)");
        assertThat(check(Level.BASELINE, 32, sysctl)).isEmpty();
        String escalates = "{'containers':[{'name':'c','securityContext':{'runAsNonRoot':true}}]}";
        assertThat(check(Level.RESTRICTED, 7, escalates)).isEmpty();
        assertThat(check(Level.RESTRICTED, 8, escalates)).startsWith("allowPrivilegeEscalation");
    }
}
