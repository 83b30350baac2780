/** The selector-operator in the fault matrix. */
@NullMarked
package dev.ebb.selector.faults;

import org.jspecify.annotations.NullMarked;
