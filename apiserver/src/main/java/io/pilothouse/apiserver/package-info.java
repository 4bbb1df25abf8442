/** The Kubernetes API server. */
@NullMarked
package io.pilothouse.apiserver;

import org.jspecify.annotations.NullMarked;
