/** The built-in resources, a file each. */
@NullMarked
package io.pilothouse.apiserver.kinds;

import org.jspecify.annotations.NullMarked;
