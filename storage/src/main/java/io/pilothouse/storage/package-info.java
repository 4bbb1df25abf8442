/** The etcd port and the watch cache. The only module that knows jetcd. */
@NullMarked
package io.pilothouse.storage;

import org.jspecify.annotations.NullMarked;
