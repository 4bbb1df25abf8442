/** What a request asks for, and for whom. */
@NullMarked
package io.pilothouse.apiserver.request;

import org.jspecify.annotations.NullMarked;
