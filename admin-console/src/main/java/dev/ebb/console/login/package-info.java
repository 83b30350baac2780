/** Who may look into the console. */
@NullMarked
package dev.ebb.console.login;

import org.jspecify.annotations.NullMarked;
