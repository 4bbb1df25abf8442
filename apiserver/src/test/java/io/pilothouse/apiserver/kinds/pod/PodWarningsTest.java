package io.pilothouse.apiserver.kinds.pod;

import static io.pilothouse.apiserver.kinds.pod.PodSamples.pod;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PodWarningsTest {
    @Test
    void warnsOfWhatHidesOrOverlaps() {
        var pod = pod(
                "'containers':[{'name':'a','image':'x','env':[{'name':'A','value':'1'},{'name':'A','value':'$(A)2'},"
                        + "{'name':'A','value':'3'}],'ports':[{'containerPort':80},{'containerPort':80,'hostPort':8080}]}],"
                        + "'volumes':[{'name':'v','configMap':{'name':'c','items':[{'key':'a','path':'x'},{'key':'b','path':'x/y/'}]}}]");
        assertThat(PodWarnings.ofPod(pod))
                .containsExactly(
                        "volume \"v\" (ConfigMap \"c\"): overlapping paths: \"x/y\" with \"x\"",
                        "spec.containers[0].env[2]: hides previous definition of \"A\", which may be dropped when using apply",
                        "spec.containers[0].ports[1]: overlapping port definition with spec.containers[0].ports[0]");
    }
}
