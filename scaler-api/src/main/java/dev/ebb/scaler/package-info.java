/** The contract between Ebb's services and whatever can set a replica count. */
@NullMarked
package dev.ebb.scaler;

import org.jspecify.annotations.NullMarked;
