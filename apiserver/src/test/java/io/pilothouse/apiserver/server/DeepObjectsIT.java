package io.pilothouse.apiserver.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.pilothouse.machinery.codec.Json;
import java.lang.management.ManagementFactory;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Objects that nest as deep as a body may: every walk over them ends. Needs stacks of the size that bin/pilothouse gives. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DeepObjectsIT {
    /** Of a member of an object: with the object itself it is as deep as a body may be. */
    private static final int DEEP = Json.MAX_DEPTH - 1;

    private static final String THINGS = "/apis/deep.example.com/v1/namespaces/default/things";
    private static final String MAPS = "/api/v1/namespaces/default/configmaps";

    private ApiServerFixture fixture;

    @BeforeAll
    void start(@TempDir Path directory) throws Exception {
        Assumptions.assumeTrue(
                ManagementFactory.getRuntimeMXBean().getInputArguments().contains("-Xss32m"),
                "the virtual machine was started without -Xss32m");
        fixture = new ApiServerFixture(directory);
        assertThat(fixture.send("POST", "/apis/apiextensions.k8s.io/v1/customresourcedefinitions", """
                                {"apiVersion":"apiextensions.k8s.io/v1","kind":"CustomResourceDefinition","metadata":{"name":"things.deep.example.com"},
                                "spec":{"group":"deep.example.com","scope":"Namespaced","names":{"plural":"things","kind":"Thing"},"versions":[{"name":"v1",
                                "served":true,"storage":true,"schema":{"openAPIV3Schema":{"type":"object","properties":{"spec":{"type":"object",
                                "x-kubernetes-preserve-unknown-fields":true}}}}}]}}
                                """)
                        .statusCode())
                .isEqualTo(201);
        for (int i = 0; fixture.send("GET", THINGS, "").statusCode() != 200; i++) {
            assertThat(i).isLessThan(100);
            Thread.sleep(100);
        }
    }

    @AfterAll
    void stop() throws Exception {
        if (fixture != null) {
            fixture.close();
        }
    }

    private static String nested(int levels, String leaf) {
        return "{\"a\":".repeat(levels) + leaf + "}".repeat(levels);
    }

    private static String thing(String name, String spec) {
        return "{\"apiVersion\":\"deep.example.com/v1\",\"kind\":\"Thing\",\"metadata\":{\"name\":\"" + name
                + "\"},\"spec\":" + spec + "}";
    }

    private static String map(String name, int levels) {
        return "{\"apiVersion\":\"v1\",\"kind\":\"ConfigMap\",\"metadata\":{\"name\":\"" + name + "\"},\"unknown\":"
                + nested(levels, "1") + "}";
    }

    private void gives(int status, HttpResponse<String> answer) {
        assertThat(answer.statusCode())
                .as(answer.body().substring(0, Math.min(300, answer.body().length())))
                .isEqualTo(status);
    }

    @Test
    void writesAndReadsADeepCustomResource() throws Exception {
        gives(201, fixture.send("POST", THINGS, thing("t", nested(DEEP, "1"))));
        String merge = "{\"spec\":" + nested(DEEP, "2") + "}";
        gives(200, fixture.send("PATCH", THINGS + "/t", merge, "Content-Type", "application/merge-patch+json"));
        String operations = "[{\"op\":\"test\",\"path\":\"/metadata/name\",\"value\":\"t\"},"
                + "{\"op\":\"replace\",\"path\":\"/spec\",\"value\":" + nested(DEEP - 1, "3") + "}]";
        gives(200, fixture.send("PATCH", THINGS + "/t", operations, "Content-Type", "application/json-patch+json"));
        String applied = thing("t", nested(DEEP - 1, "4"));
        String apply = THINGS + "/t?fieldManager=m&force=true";
        gives(200, fixture.send("PATCH", apply, applied, "Content-Type", "application/apply-patch+yaml"));
        gives(200, fixture.send("GET", THINGS, ""));
        gives(200, fixture.send("GET", THINGS + "/t?pretty=true", ""));
        gives(200, fixture.send("GET", THINGS + "/t", "", "Accept", "application/yaml"));
        gives(200, fixture.send("DELETE", THINGS + "/t", ""));
    }

    @Test
    void copiesNothingBeyondTheLimit() throws Exception {
        gives(201, fixture.send("POST", THINGS, thing("copied", nested(6_000, "{}"))));
        String copy = "[{\"op\":\"copy\",\"from\":\"/spec\",\"path\":\"" + "/spec" + "/a".repeat(6_000) + "/b\"}]";
        gives(422, fixture.send("PATCH", THINGS + "/copied", copy, "Content-Type", "application/json-patch+json"));
    }

    @Test
    void dropsADeepUnknownField() throws Exception {
        gives(201, fixture.send("POST", MAPS, map("json", DEEP)));
        gives(201, fixture.send("POST", MAPS, map("yaml", DEEP), "Content-Type", "application/yaml"));
    }

    @Test
    void refusesWhatIsDeeper() throws Exception {
        var json = fixture.send("POST", MAPS, map("deeper", DEEP + 1));
        gives(400, json);
        assertThat(json.body()).contains("json parse error: invalid character '{' exceeded max depth ({");
        var yaml = fixture.send("POST", MAPS, map("deeper", DEEP + 1), "Content-Type", "application/yaml");
        gives(400, yaml);
        assertThat(yaml.body()).contains("yaml: exceeded max depth of 10000");
    }
}
