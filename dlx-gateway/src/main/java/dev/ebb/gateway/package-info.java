/** The gateway that holds traffic for sleeping workloads, wakes them and forwards. */
@NullMarked
package dev.ebb.gateway;

import org.jspecify.annotations.NullMarked;
