package io.pilothouse.controlplane.eks;

import java.util.Set;

/** The logging member of requests. Sending control plane logs to CloudWatch is not supported. */
final class ClusterLogging {
    private static final Set<String> TYPES = Set.of("api", "audit", "authenticator", "controllerManager", "scheduler");

    private ClusterLogging() {}

    static void refuseEnabled(Fields logging) {
        for (Fields setup : logging.only("clusterLogging").objects("clusterLogging")) {
            setup.only("types", "enabled");
            for (String type : setup.texts("types")) {
                if (!TYPES.contains(type)) {
                    throw EksException.invalidParameter("The log type " + type + " is not one of "
                            + TYPES.stream().sorted().toList() + ".");
                }
            }
            if (setup.bool("enabled", false)) {
                throw EksException.invalidRequest(
                        "Control plane logging to CloudWatch Logs is not supported by Pilothouse.");
            }
        }
    }
}
