/** What can be done with a pod besides writing it: binding and eviction. */
@NullMarked
package io.pilothouse.apiserver.pods;

import org.jspecify.annotations.NullMarked;
