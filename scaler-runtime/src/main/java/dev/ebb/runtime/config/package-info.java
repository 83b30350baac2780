/** Spring Boot auto-configuration of the runtime. */
@NullMarked
package dev.ebb.runtime.config;

import org.jspecify.annotations.NullMarked;
