/** The end of namespaces. */
@NullMarked
package io.pilothouse.controllers.namespace;

import org.jspecify.annotations.NullMarked;
