/** The proxies to pods, services and nodes: requests are passed on as they are, links in the answers lead back through the proxy. */
@NullMarked
package io.pilothouse.apiserver.proxy;

import org.jspecify.annotations.NullMarked;
