/** The way from the API server to kubelets: logs, exec, attach, port forwarding, proxies. */
@NullMarked
package io.pilothouse.apiserver.kubelet;

import org.jspecify.annotations.NullMarked;
