/** The resources of scheduling.k8s.io. */
@NullMarked
package io.pilothouse.apiserver.kinds.scheduling;

import org.jspecify.annotations.NullMarked;
