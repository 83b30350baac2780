/** The admin console: Spring Boot Admin over all services of a release. */
@NullMarked
package dev.ebb.console;

import org.jspecify.annotations.NullMarked;
