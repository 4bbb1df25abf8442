/** Whether they may. */
@NullMarked
package io.pilothouse.apiserver.authz;

import org.jspecify.annotations.NullMarked;
