/** Calls from this server to webhooks that a file of the kubeconfig format describes. */
@NullMarked
package io.pilothouse.apiserver.webhook;

import org.jspecify.annotations.NullMarked;
