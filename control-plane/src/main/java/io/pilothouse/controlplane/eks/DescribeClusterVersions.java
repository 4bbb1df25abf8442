package io.pilothouse.controlplane.eks;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** DescribeClusterVersions. */
record DescribeClusterVersions(EksContext context) implements Operation {
    @Override
    public String route() {
        return "GET /cluster-versions";
    }

    @Override
    public JsonNode handle(EksCall call) {
        boolean wanted = call.queries("clusterVersions").isEmpty()
                || call.queries("clusterVersions").contains(Rules.VERSION);
        boolean standard =
                call.query("versionStatus").map("STANDARD_SUPPORT"::equals).orElse(true)
                        && call.query("status").map("standard-support"::equals).orElse(true);
        Map<String, Object> version = Map.of(
                "clusterVersion",
                Rules.VERSION,
                "clusterType",
                "eks",
                "defaultPlatformVersion",
                "eks.1",
                "defaultVersion",
                true,
                "releaseDate",
                Instant.parse("2026-05-01T00:00:00Z").getEpochSecond(),
                "status",
                "standard-support",
                "versionStatus",
                "STANDARD_SUPPORT",
                "kubernetesPatchVersion",
                "1.36.0");
        return Views.of("clusterVersions", wanted && standard ? List.of(version) : List.of());
    }
}
