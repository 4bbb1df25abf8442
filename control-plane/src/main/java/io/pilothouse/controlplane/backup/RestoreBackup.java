package io.pilothouse.controlplane.backup;

import com.fasterxml.jackson.databind.JsonNode;
import io.pilothouse.backup.Backup;
import io.pilothouse.backup.BackupException;
import io.pilothouse.cloud.protocol.Json;
import io.pilothouse.controlplane.eks.ClusterRecord;
import io.pilothouse.controlplane.eks.EksCall;
import io.pilothouse.controlplane.eks.EksContext;
import io.pilothouse.controlplane.eks.EksException;
import io.pilothouse.controlplane.eks.Operation;
import java.util.Map;

/** Has a cluster put back to a backup; the reconciler does it. */
record RestoreBackup(EksContext context, ClusterBackups backups) implements Operation {
    @Override
    public String route() {
        return "POST /pilothouse/clusters/{name}/backups/{id}/restoration";
    }

    @Override
    public JsonNode handle(EksCall call) {
        String name = call.path("name");
        context.store().cluster(name);
        try {
            Backup backup = backups.backups().find(name, call.path("id"));
            context.store().clusters().update(name, c -> {
                if (c.status() != ClusterRecord.Status.ACTIVE) {
                    throw EksException.invalidRequest("Cluster is not in ACTIVE status")
                            .about("clusterName", name);
                }
                return c.restoring(new ClusterRecord.Restore(backup.id(), "FETCH", 0))
                        .in(ClusterRecord.Status.UPDATING);
            });
            context.changes().cluster(name);
            return Json.tree(Map.of("backup", backup, "status", "UPDATING"));
        } catch (BackupException e) {
            throw EksException.invalidRequest(String.valueOf(e.getMessage())).about("clusterName", name);
        }
    }
}
