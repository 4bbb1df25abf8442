/** Benchmarks of the API server's inner pieces, run by JMH. Their names are told in the report. */
@NullMarked
package io.pilothouse.bench.micro;

import org.jspecify.annotations.NullMarked;
