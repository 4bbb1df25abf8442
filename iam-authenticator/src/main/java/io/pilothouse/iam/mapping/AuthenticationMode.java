package io.pilothouse.iam.mapping;

/** Where the principals of a cluster are mapped, by EKS's names. A cluster only ever changes to a later one. */
public enum AuthenticationMode {
    /** In kube-system/aws-auth; of access entries only those count that the control plane made for itself. */
    CONFIG_MAP,
    /** In both; access entries are asked first. */
    API_AND_CONFIG_MAP,
    /** In access entries. */
    API;

    /** Whether aws-auth counts. */
    public boolean readsConfigMap() {
        return this != API;
    }
}
