/** What the server tells of itself: groups, versions, resources, OpenAPI. */
@NullMarked
package io.pilothouse.apiserver.discovery;

import org.jspecify.annotations.NullMarked;
