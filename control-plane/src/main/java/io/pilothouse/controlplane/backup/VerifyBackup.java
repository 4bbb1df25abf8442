package io.pilothouse.controlplane.backup;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.backup.BackupException;
import io.pilothouse.cloud.protocol.Json;
import io.pilothouse.controlplane.eks.EksCall;
import io.pilothouse.controlplane.eks.EksContext;
import io.pilothouse.controlplane.eks.EksException;
import io.pilothouse.controlplane.eks.Operation;
import java.util.Map;

/** Fetches a backup and checks its hash and that etcd can read it. */
record VerifyBackup(EksContext context, ClusterBackups backups) implements Operation {
    @Override
    public String route() {
        return "POST /pilothouse/clusters/{name}/backups/{id}/verification";
    }

    @Override
    public JsonNode handle(EksCall call) {
        String name = call.path("name");
        context.store().cluster(name);
        try {
            return Json.tree(Map.of("backup", backups.backups().verify(name, call.path("id")), "verified", true));
        } catch (BackupException e) {
            throw EksException.invalidRequest(String.valueOf(e.getMessage())).about("clusterName", name);
        }
    }
}
