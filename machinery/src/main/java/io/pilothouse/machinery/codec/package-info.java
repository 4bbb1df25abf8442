/** What turns bytes into object trees and back: JSON, YAML, protobuf. */
@NullMarked
package io.pilothouse.machinery.codec;

import org.jspecify.annotations.NullMarked;
