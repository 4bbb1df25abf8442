/** What the process does, for {@code go tool pprof} and for people: {@code /debug/pprof}, {@code /debug/flags}. */
@NullMarked
package io.pilothouse.apiserver.profiling;

import org.jspecify.annotations.NullMarked;
