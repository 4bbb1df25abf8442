/** Objects as rows for people. */
@NullMarked
package io.pilothouse.apiserver.table;

import org.jspecify.annotations.NullMarked;
