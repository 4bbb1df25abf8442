/** The container runtime: containerd through CRI, or a simulation. */
@NullMarked
package io.pilothouse.worker.cri;

import org.jspecify.annotations.NullMarked;
