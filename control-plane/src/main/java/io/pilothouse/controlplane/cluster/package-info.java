/** Clusters: reconciled from what was asked for to what runs. */
@NullMarked
package io.pilothouse.controlplane.cluster;

import org.jspecify.annotations.NullMarked;
