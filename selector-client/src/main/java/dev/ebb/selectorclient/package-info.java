/** The client half of the selector-operator: from a key to the Service that is asked for it. */
@NullMarked
package dev.ebb.selectorclient;

import org.jspecify.annotations.NullMarked;
