/** Series that are counted and told in the text format of Prometheus, under upstream's names. */
@NullMarked
package io.pilothouse.apiserver.metrics;

import org.jspecify.annotations.NullMarked;
