/** Backups of clusters: operations beside the EKS API, and the schedule. */
@NullMarked
package io.pilothouse.controlplane.backup;

import org.jspecify.annotations.NullMarked;
