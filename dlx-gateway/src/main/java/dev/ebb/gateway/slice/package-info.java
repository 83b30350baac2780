/** The gateway's own ports and EndpointSlices: how traffic reaches it. */
@NullMarked
package dev.ebb.gateway.slice;

import org.jspecify.annotations.NullMarked;
