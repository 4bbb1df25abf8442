/** A real etcd for tests of any module. */
@NullMarked
package io.pilothouse.storage.testing;

import org.jspecify.annotations.NullMarked;
