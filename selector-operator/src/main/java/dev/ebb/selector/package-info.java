/** The selector-operator: which pod a Service points at. */
@NullMarked
package dev.ebb.selector;

import org.jspecify.annotations.NullMarked;
