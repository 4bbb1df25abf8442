/** The life of stored objects: create, read, update, delete, list, watch. */
@NullMarked
package io.pilothouse.apiserver.registry;

import org.jspecify.annotations.NullMarked;
