/** Spring wiring, settings and the predecessor's flags. */
@NullMarked
package dev.ebb.cleanup.config;

import org.jspecify.annotations.NullMarked;
