/** What an API server puts into an empty cluster. */
@NullMarked
package io.pilothouse.apiserver.bootstrap;

import org.jspecify.annotations.NullMarked;
