/** Third parties' jars: found in a folder, their ResourceScalers made beans. */
@NullMarked
package dev.ebb.runtime.plugin;

import org.jspecify.annotations.NullMarked;
