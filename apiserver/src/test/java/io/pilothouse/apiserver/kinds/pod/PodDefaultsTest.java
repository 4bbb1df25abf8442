package io.pilothouse.apiserver.kinds.pod;

import static io.pilothouse.apiserver.kinds.pod.PodSamples.json;
import static io.pilothouse.apiserver.kinds.pod.PodSamples.pod;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PodDefaultsTest {
    @Test
    void podsRequestWhatTheirContainersDoAndTheRestOfTheirLimits() {
        var pod = pod("'resources':{'limits':{'cpu':'2','memory':'1Gi'}},"
                + "'containers':[{'name':'a','image':'x','resources':{'requests':{'cpu':'500m'}}}],"
                + "'initContainers':[{'name':'i','image':'x','resources':{'requests':{'cpu':'700m'}}},"
                + "{'name':'s','image':'x','restartPolicy':'Always','resources':{'requests':{'cpu':'100m'}}}]");
        assertThat(pod.path("spec").path("resources").path("requests"))
                .isEqualTo(json("{'cpu':'700m','memory':'1Gi'}"));
    }

    @Test
    void amountsAreKeptToTheThousandth() {
        var pod = pod("'containers':[{'name':'a','image':'x','resources':{'requests':{'cpu':'0.2501234'}}}]");
        assertThat(pod.at("/spec/containers/0/resources/requests/cpu").asText()).isEqualTo("251m");
    }

    @Test
    void templatesLeavePortsOfTheHostAlone() {
        String spec = "'hostNetwork':true,'containers':[{'name':'a','image':'x','ports':[{'containerPort':80}]}]";
        assertThat(pod(spec).at("/spec/containers/0/ports/0/hostPort").asInt()).isEqualTo(80);
        var template = json("{'spec':{" + spec + "}}");
        PodDefaults.podTemplate(template);
        assertThat(template.at("/spec/containers/0/ports/0").has("hostPort")).isFalse();
    }
}
