/** API priority and fairness: who waits, who is turned away, when more is asked for than the server does at once. */
@NullMarked
package io.pilothouse.apiserver.fairness;

import org.jspecify.annotations.NullMarked;
