/** What the API server asks a node for: logs, exec, attach, port-forward. */
@NullMarked
package io.pilothouse.worker.server;

import org.jspecify.annotations.NullMarked;
