/** What a node is told: flags, kubeconfig, NodeConfig user data. */
@NullMarked
package io.pilothouse.worker.config;

import org.jspecify.annotations.NullMarked;
