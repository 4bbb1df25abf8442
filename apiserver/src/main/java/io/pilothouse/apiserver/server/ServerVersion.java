package io.pilothouse.apiserver.server;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.pilothouse.apiserver.metrics.Metrics;
import io.pilothouse.apiserver.metrics.Stability;

/** What this server is a version of. */
final class ServerVersion {
    static final String NUMBER = "1.36.2";
    static final String EMULATED = "1.36";
    static final String GIT = "v" + NUMBER + "-pilothouse";
    private static final String BUILT = "2026-11-23T00:00:00Z";

    private ServerVersion() {}

    static String runtime() {
        return "java " + Runtime.version();
    }

    private static String platform() {
        return "linux/" + System.getProperty("os.arch");
    }

    /** The answer at /version. */
    static ObjectNode document() {
        return JsonNodeFactory.instance
                .objectNode()
                .put("major", "1")
                .put("minor", "36")
                .put("gitVersion", GIT)
                .put("gitCommit", "")
                .put("gitTreeState", "clean")
                .put("buildDate", BUILT)
                .put("goVersion", runtime())
                .put("compiler", "javac")
                .put("platform", platform());
    }

    static void register(Metrics metrics) {
        metrics.gauges(
                        "kubernetes_build_info",
                        Stability.BETA,
                        "A metric with a constant '1' value labeled by major, minor, git version, git commit, git tree state, build date, Go version, and compiler from which Kubernetes was built, and platform on which it is running.",
                        "major",
                        "minor",
                        "git_version",
                        "git_commit",
                        "git_tree_state",
                        "build_date",
                        "go_version",
                        "compiler",
                        "platform")
                .of("1", "36", GIT, "", "clean", BUILT, runtime(), "javac", platform())
                .set(1);
    }
}
