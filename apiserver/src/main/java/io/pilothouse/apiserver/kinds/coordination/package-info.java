/** The resources of coordination.k8s.io. */
@NullMarked
package io.pilothouse.apiserver.kinds.coordination;

import org.jspecify.annotations.NullMarked;
