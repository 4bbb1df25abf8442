/** The resources of rbac.authorization.k8s.io. */
@NullMarked
package io.pilothouse.apiserver.kinds.rbac;

import org.jspecify.annotations.NullMarked;
