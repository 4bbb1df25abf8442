/** The resources of apps. */
@NullMarked
package io.pilothouse.apiserver.kinds.apps;

import org.jspecify.annotations.NullMarked;
