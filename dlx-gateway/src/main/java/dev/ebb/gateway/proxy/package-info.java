/** The mapped Service ports, served by Reactor Netty. */
@NullMarked
package dev.ebb.gateway.proxy;

import org.jspecify.annotations.NullMarked;
