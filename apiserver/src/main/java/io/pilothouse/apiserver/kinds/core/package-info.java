/** The resources of the core group. */
@NullMarked
package io.pilothouse.apiserver.kinds.core;

import org.jspecify.annotations.NullMarked;
