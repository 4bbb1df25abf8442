/** Shared, indexed caches of cluster objects. */
@NullMarked
package io.pilothouse.controllers.informers;

import org.jspecify.annotations.NullMarked;
