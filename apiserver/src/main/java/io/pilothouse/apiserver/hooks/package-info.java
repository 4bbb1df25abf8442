/** Calls from this server to webhooks that objects of the API name: by URL or by a service of the cluster. */
@NullMarked
package io.pilothouse.apiserver.hooks;

import org.jspecify.annotations.NullMarked;
