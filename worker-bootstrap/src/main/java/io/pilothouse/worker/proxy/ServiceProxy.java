package io.pilothouse.worker.proxy;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.worker.cri.Shell;
import io.pilothouse.worker.kube.ApiClient;
import io.pilothouse.worker.kube.Reflector;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Follows services and endpoint slices and keeps the kernel's rules as they ask. Updates hold this object's lock. */
public final class ServiceProxy implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(ServiceProxy.class);
    private final String nodeName;
    private final String nodeAddress;
    private final String clusterDns;
    private final Reflector services;
    private final Reflector slices;
    private List<JsonNode> serviceList = List.of();
    private List<JsonNode> sliceList = List.of();
    private boolean haveServices;
    private boolean haveSlices;
    private String applied = "";

    /**
     * Starts it; needs nft and the right to use it.
     *
     * @param clusterDns pods' name server; empty for none
     */
    public ServiceProxy(ApiClient client, String nodeName, String nodeAddress, String clusterDns) {
        this.nodeName = nodeName;
        this.clusterDns = clusterDns;
        this.nodeAddress = nodeAddress;
        this.services = new Reflector(client, "/api/v1/services", this::services);
        this.slices = new Reflector(client, "/apis/discovery.k8s.io/v1/endpointslices", this::slices);
    }

    private synchronized void services(List<JsonNode> all) {
        serviceList = all;
        haveServices = true;
        apply();
    }

    private synchronized void slices(List<JsonNode> all) {
        sliceList = all;
        haveSlices = true;
        apply();
    }

    private void apply() {
        if (!haveServices || !haveSlices) {
            return;
        }
        String table = ServiceRules.table(serviceList, sliceList, nodeName, nodeAddress, clusterDns);
        if (table.equals(applied)) {
            return;
        }
        try {
            Shell.feed(table, Map.of(), "nft", "-f", "-");
            applied = table;
        } catch (IOException e) {
            log.atWarn().addKeyValue("error", e.getMessage()).log("service rules not applied");
        }
    }

    @Override
    public void close() {
        services.close();
        slices.close();
    }
}
