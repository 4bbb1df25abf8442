/** The resources of policy. */
@NullMarked
package io.pilothouse.apiserver.kinds.policy;

import org.jspecify.annotations.NullMarked;
