/** The kinds of apiextensions.k8s.io. */
@NullMarked
package io.pilothouse.apiserver.kinds.apiextensions;

import org.jspecify.annotations.NullMarked;
