package io.pilothouse.apiserver.kinds.pod;

import static io.pilothouse.apiserver.kinds.pod.PodSamples.messages;
import static io.pilothouse.apiserver.kinds.pod.PodSamples.pod;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PodValidationTest {
    private static final String MAIN = "'containers':[{'name':'main','image':'nginx'}]";

    @Test
    void takesAPodWithOneContainer() {
        assertThat(PodValidation.create(pod(MAIN))).isEmpty();
    }

    @Test
    void tellsAllMistakesInUpstreamsOrder() {
        var pod = pod("'volumes':[{'name':'A','hostPath':{}}],'containers':[{'name':'','image':'x',"
                + "'volumeMounts':[{'name':'b','mountPath':'/b','subPath':'../x'}]}],'restartPolicy':'Sometimes'");
        assertThat(messages(PodValidation.create(pod)))
                .satisfiesExactly(
                        m -> assertThat(m).isEqualTo("spec.volumes[0].hostPath.path: Required value"),
                        m -> assertThat(m).startsWith("spec.volumes[0].name: Invalid value: \"A\""),
                        m -> assertThat(m).isEqualTo("spec.containers[0].name: Required value"),
                        m -> assertThat(m).isEqualTo("spec.containers[0].volumeMounts[0].name: Not found: \"b\""),
                        m -> assertThat(m)
                                .isEqualTo(
                                        "spec.containers[0].volumeMounts.subPath: Invalid value: \"../x\": must not contain '..'"),
                        m -> assertThat(m).startsWith("spec.restartPolicy: Unsupported value: \"Sometimes\""));
    }

    @Test
    void onlyImagesAndTheLikeMayChange() {
        var old = pod(MAIN);
        var image = pod("'containers':[{'name':'main','image':'nginx:2','imagePullPolicy':'Always'}]");
        assertThat(PodValidation.update(image, old)).isEmpty();
        var node = pod(MAIN + ",'nodeName':'n1'");
        assertThat(messages(PodValidation.update(node, old)))
                .singleElement()
                .asString()
                .startsWith("spec: Forbidden: pod updates may not change fields other than")
                .endsWith("""
                        - "NodeName": "",
                        + "NodeName": "n1",
                          "SecurityContext": {
                           "HostNetwork": false,
                           "HostPID": false,
                        """);
    }

    @Test
    void whatWasStoredBeforeARuleStaysWritable() {
        var old = pod(MAIN
                + ",'affinity':{'podAffinity':{'requiredDuringSchedulingIgnoredDuringExecution':[{'topologyKey':'z',"
                + "'labelSelector':{'matchExpressions':[{'key':'a','operator':'In','values':['not a value']}]}}]}}");
        assertThat(PodValidation.create(old.deepCopy())).hasSize(1);
        assertThat(PodValidation.update(old.deepCopy(), old)).isEmpty();
    }

    @Test
    void gatedPodsMayOnlyBeToldToRunOnFewerNodes() {
        String gates = MAIN + ",'schedulingGates':[{'name':'a'}]";
        var old = pod(gates + ",'nodeSelector':{'zone':'a'}");
        assertThat(PodValidation.update(pod(gates + ",'nodeSelector':{'zone':'a','disk':'ssd'}"), old))
                .isEmpty();
        assertThat(messages(PodValidation.update(pod(gates + ",'nodeSelector':{'zone':'b'}"), old)))
                .containsExactly(
                        "spec.nodeSelector: Invalid value: {\"zone\":\"b\"}: only additions to spec.nodeSelector are allowed"
                                + " (no mutations or deletions)");
    }

    @Test
    void resizesCpuAndMemoryAlone() {
        String container =
                "'containers':[{'name':'main','image':'nginx','resources':{'requests':{'cpu':'%s','%s':'1Gi'}}}]";
        var old = pod(String.format(container, "1", "memory"));
        assertThat(PodResizeValidation.check(pod(String.format(container, "2", "memory")), old))
                .isEmpty();
        assertThat(messages(PodResizeValidation.check(pod(String.format(container, "1", "ephemeral-storage")), old)))
                .contains(
                        "spec.containers[0].resources.requests: Forbidden: resource requests cannot be removed",
                        "spec: Forbidden: only cpu and memory resources are mutable");
    }
}
