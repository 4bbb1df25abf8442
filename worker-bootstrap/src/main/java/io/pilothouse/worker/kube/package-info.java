/** A small Kubernetes client over JSON trees. */
@NullMarked
package io.pilothouse.worker.kube;

import org.jspecify.annotations.NullMarked;
