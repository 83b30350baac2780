/** The users' command line: one class a verb, over the services' admin APIs. */
@NullMarked
package dev.ebb.cli;

import org.jspecify.annotations.NullMarked;
