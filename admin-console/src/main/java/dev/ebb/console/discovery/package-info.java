/** Which replicas there are, and how they are called. */
@NullMarked
package dev.ebb.console.discovery;

import org.jspecify.annotations.NullMarked;
