/** Measures the API server from outside, as a process with real clients, and its inner pieces by JMH. */
@NullMarked
package io.pilothouse.bench;

import org.jspecify.annotations.NullMarked;
