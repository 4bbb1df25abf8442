/** What is served: every resource declared once; routes, discovery, tables and storage keys are derived from it. */
@NullMarked
package io.pilothouse.apiserver.catalog;

import org.jspecify.annotations.NullMarked;
