package io.pilothouse.apiserver.kinds.core;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.machinery.codec.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodSummaryTest {
    private static ObjectNode pod(String status) throws Exception {
        String text = ("{'metadata':{'name':'p'},'spec':{'containers':[{'name':'a'},{'name':'b'}]},'status':" + status
                        + "}")
                .replace('\'', '"');
        return (ObjectNode) Json.parse(text.getBytes(StandardCharsets.UTF_8)).root();
    }

    @Test
    void countsReadyContainersAndRestarts() throws Exception {
        var summary = PodSummary.of(pod("{'phase':'Running','containerStatuses':["
                + "{'name':'a','ready':true,'restartCount':2,'state':{'running':{}}},"
                + "{'name':'b','ready':false,'restartCount':1,'state':{'running':{}}}]}"));
        assertThat(summary.readiness()).isEqualTo("1/2");
        assertThat(summary.restarts().at(Instant.EPOCH)).isEqualTo("3");
        assertThat(summary.reason()).isEqualTo("Running");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{waiting:{reason:CrashLoopBackOff}}|CrashLoopBackOff",
                "{terminated:{reason:Error,exitCode:1}}|Error",
                "{terminated:{exitCode:3}}|ExitCode:3",
                "{terminated:{exitCode:0,signal:9}}|Signal:9"
            })
    void tellsWhatAContainerDoes(String state, String reason) throws Exception {
        String quoted = state.replaceAll("([A-Za-z]+)", "'$1'");
        assertThat(PodSummary.of(pod("{'phase':'Pending','containerStatuses':[{'name':'a','state':" + quoted + "}]}"))
                        .reason())
                .isEqualTo(reason);
    }
}
