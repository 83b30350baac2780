/** A cluster and a namespace of its own for a test class, by one annotation. */
@NullMarked
package dev.ebb.localcluster.junit;

import org.jspecify.annotations.NullMarked;
