package io.pilothouse.controllers.objects;

import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;

/** PATCH and nothing else: the client's own patch reads the object first, which not every controller may that may patch it. */
public final class Patches {
    private Patches() {}

    /**
     * A strategic merge patch.
     *
     * @param path such as {@code /api/v1/namespaces/NAMESPACE/pods/NAME}
     * @return the patched object's JSON
     * @throws KubernetesClientException with the server's status when it refuses
     */
    public static String strategic(KubernetesClient client, String path, String patch) {
        return Requests.send(client, "PATCH", path, "application/strategic-merge-patch+json", patch);
    }

    /** A merge patch (RFC 7386), else as {@link #strategic}. */
    public static String merge(KubernetesClient client, String path, String patch) {
        return Requests.send(client, "PATCH", path, "application/merge-patch+json", patch);
    }

    /** Applies a configuration for a manager, over all others; else as {@link #strategic}. */
    public static String apply(KubernetesClient client, String path, String manager, String configuration) {
        return Requests.send(
                client,
                "PATCH",
                path + "?force=true&fieldManager=" + manager,
                "application/apply-patch+yaml",
                configuration);
    }

    /** The path of an object of a namespace in the core group. */
    public static String path(String namespace, String resource, String name) {
        return "/api/v1/namespaces/" + namespace + "/" + resource + "/" + name;
    }
}
