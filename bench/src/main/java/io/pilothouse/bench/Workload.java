package io.pilothouse.bench;

import java.util.List;

/**
 * One kind of request that is measured.
 *
 * @param name what the table calls it
 * @param upstreamMillis of processor time a request of kube-apiserver 1.36.2 at 10,000 pods, or 0 where none is known
 * @param limitMillis what ours is to stay below there
 * @param warmUp requests before the measured ones: the JVM compiles what is used often
 * @param load the measured ones
 */
record Workload(String name, double upstreamMillis, double limitMillis, int warmUp, Load load) {
    private static final String JSON = "-HAccept: application/json";
    private static final String PROTOBUF = "-HAccept: application/vnd.kubernetes.protobuf";
    private static final String TABLE = "-HAccept: application/json;as=Table;v=v1;g=meta.k8s.io";
    private static final String GZIP = "-HAccept-Encoding: gzip";

    /** A list of {@code objects} pods is asked for so often that about as many pods are sent each time. */
    private static int lists(int objects) {
        return Math.max(5, 200_000 / Math.max(objects, 1_000));
    }

    /**
     * All that reads, for a server that holds so many pods.
     *
     * @param pod the path of one of them
     */
    static List<Workload> reads(int objects, String pod) {
        int lists = lists(objects);
        var list = Load.get(lists, 1, 1, "/api/v1/pods?resourceVersion=0").with(JSON);
        return List.of(
                new Workload("GET a pod", 1.1, 0.10, 40_000, Load.get(20_000, 4, 8, pod)),
                new Workload(
                        "LIST, consistent",
                        1_890,
                        100,
                        lists,
                        Load.get(lists, 1, 1, "/api/v1/pods").with(JSON)),
                new Workload("LIST, resourceVersion=0", 1_890, 90, lists, list),
                new Workload("LIST, resourceVersion=0, gzip", 0, 180, lists, list.with(GZIP)),
                new Workload(
                        "LIST, resourceVersion=0, protobuf",
                        0,
                        90,
                        lists,
                        Load.get(lists, 1, 1, "/api/v1/pods?resourceVersion=0").with(PROTOBUF)),
                new Workload(
                        "LIST limit=500",
                        91,
                        6,
                        200,
                        Load.get(400, 1, 1, "/api/v1/pods?limit=500").with(JSON)),
                new Workload(
                        "LIST with a label selector that matches none",
                        16.5,
                        0.5,
                        10_000,
                        Load.get(5_000, 1, 1, "/api/v1/pods?labelSelector=app%3Dnone")
                                .with(JSON)),
                new Workload(
                        "LIST as Table",
                        1_174,
                        100,
                        lists,
                        Load.get(lists, 1, 1, "/api/v1/pods").with(TABLE)));
    }

    /** Makes pods in a namespace, so many. */
    static Workload posts(int objects, String namespace, String bodyFile) {
        return new Workload(
                "POST a pod",
                4.3,
                1.0,
                0,
                Load.get(objects, 2, 4, "/api/v1/namespaces/" + namespace + "/pods")
                        .with("-d" + bodyFile, "-HContent-Type: application/json"));
    }
}
