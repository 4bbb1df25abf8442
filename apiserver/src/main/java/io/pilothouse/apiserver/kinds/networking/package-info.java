/** The resources of networking.k8s.io. */
@NullMarked
package io.pilothouse.apiserver.kinds.networking;

import org.jspecify.annotations.NullMarked;
