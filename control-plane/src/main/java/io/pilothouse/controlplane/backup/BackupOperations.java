package io.pilothouse.controlplane.backup;

import io.pilothouse.controlplane.eks.EksContext;
import io.pilothouse.controlplane.eks.Operation;
import java.util.List;

/** The operations on backups, which EKS does not have; they are signed and permitted as EKS's own are. */
public final class BackupOperations {
    private BackupOperations() {}

    /** All of them. */
    public static List<Operation> all(EksContext context, ClusterBackups backups) {
        return List.of(
                new CreateBackup(context, backups),
                new ListBackups(context, backups),
                new VerifyBackup(context, backups),
                new RestoreBackup(context, backups));
    }
}
