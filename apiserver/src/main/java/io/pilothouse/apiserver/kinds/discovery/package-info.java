/** The resources of discovery.k8s.io. */
@NullMarked
package io.pilothouse.apiserver.kinds.discovery;

import org.jspecify.annotations.NullMarked;
