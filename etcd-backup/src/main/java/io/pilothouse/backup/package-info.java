/** Snapshots of etcd: taken, kept, verified, restored. */
@NullMarked
package io.pilothouse.backup;

import org.jspecify.annotations.NullMarked;
