/** The resources of storage.k8s.io. */
@NullMarked
package io.pilothouse.apiserver.kinds.storage;

import org.jspecify.annotations.NullMarked;
