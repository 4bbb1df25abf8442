/** The resources of resource.k8s.io: devices, and claims to them. */
@NullMarked
package io.pilothouse.apiserver.kinds.resource;

import org.jspecify.annotations.NullMarked;
