/** Values printed as Go prints them, which upstream's messages rely on. */
@NullMarked
package io.pilothouse.machinery.gotext;

import org.jspecify.annotations.NullMarked;
