/** The resources of batch. */
@NullMarked
package io.pilothouse.apiserver.kinds.batch;

import org.jspecify.annotations.NullMarked;
