/** Random histories of a pool: pods come and go, nodes flap, the cloud is late or wrong. */
@NullMarked
package dev.ebb.nodescaler.history;

import org.jspecify.annotations.NullMarked;
