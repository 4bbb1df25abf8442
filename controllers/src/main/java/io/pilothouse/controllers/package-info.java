/** The controllers of the control plane. */
@NullMarked
package io.pilothouse.controllers;

import org.jspecify.annotations.NullMarked;
