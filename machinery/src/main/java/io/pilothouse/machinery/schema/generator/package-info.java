/** What runs while this module is built, and never afterwards. */
@NullMarked
package io.pilothouse.machinery.schema.generator;

import org.jspecify.annotations.NullMarked;
