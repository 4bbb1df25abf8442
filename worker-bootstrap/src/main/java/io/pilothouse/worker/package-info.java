/** Worker templates, bootstrap and the node agent. */
@NullMarked
package io.pilothouse.worker;

import org.jspecify.annotations.NullMarked;
