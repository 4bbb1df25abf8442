package io.pilothouse.worker.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.worker.kube.ApiClient;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServiceRulesTest {
    private static JsonNode json(String text) {
        return ApiClient.parse(text.replace('\'', '"'));
    }

    private static JsonNode service(String more) {
        return json("{'metadata':{'namespace':'n','name':'s'},'spec':{'clusterIP':'10.96.0.7'," + more
                + "'ports':[{'port':80,'nodePort':30080,'protocol':'TCP'}]}}");
    }

    private static final JsonNode SLICE =
            json("{'metadata':{'namespace':'n','labels':{'kubernetes.io/service-name':'s'}},'addressType':'IPv4',"
                    + "'ports':[{'port':8080}],'endpoints':[{'addresses':['10.1.0.1'],'nodeName':'here','conditions':{'ready':true}},"
                    + "{'addresses':['10.1.0.2'],'nodeName':'there','conditions':{'ready':true}},"
                    + "{'addresses':['10.1.0.3'],'nodeName':'there','conditions':{'ready':false,'serving':true}}]}");

    private static String table(JsonNode service, JsonNode... slices) {
        return ServiceRules.table(List.of(service), List.of(slices), "here", "10.0.0.1", "10.96.0.10");
    }

    @Test
    void aServiceLeadsToItsReadyEndpoints() {
        assertThat(table(service(""), SLICE))
                .contains(
                        "ip daddr 10.96.0.7 tcp dport 80 dnat ip to numgen random mod 2 map { 0 : 10.1.0.1 . 8080, 1 : 10.1.0.2 . 8080 }")
                .contains("ip daddr 10.0.0.1 tcp dport 30080 meta mark set meta mark | 0x4000 dnat ip to");
    }

    @Test
    void withoutEndpointsItIsRefused() {
        assertThat(table(service("")))
                .contains("ip daddr 10.96.0.7 tcp dport 80 reject with tcp reset")
                .doesNotContain("dnat to");
    }

    @Test
    void policiesAndAffinityAreFollowed() {
        assertThat(table(service("'internalTrafficPolicy':'Local','externalTrafficPolicy':'Local',"), SLICE))
                .contains("ip daddr 10.96.0.7 tcp dport 80 dnat to 10.1.0.1:8080")
                .contains("ip daddr 10.0.0.1 tcp dport 30080 dnat to 10.1.0.1:8080");
        assertThat(table(service("'sessionAffinity':'ClientIP','externalIPs':['192.0.2.1'],"), SLICE))
                .contains("ip daddr 10.96.0.7 tcp dport 80 dnat ip to jhash ip saddr mod 2 map")
                .contains("ip daddr 192.0.2.1 tcp dport 80 meta mark");
    }

    @Test
    void aNameServerThatIsNoServiceIsRefused() {
        assertThat(table(service(""), SLICE)).contains("ip daddr 10.96.0.10 udp dport 53 reject");
    }
}
