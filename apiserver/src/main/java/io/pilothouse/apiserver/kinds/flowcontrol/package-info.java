/** The resources of flowcontrol.apiserver.k8s.io: whose requests wait for whose. */
@NullMarked
package io.pilothouse.apiserver.kinds.flowcontrol;

import org.jspecify.annotations.NullMarked;
