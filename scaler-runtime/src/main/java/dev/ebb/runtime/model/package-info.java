/** Slim records of the Kubernetes objects that Ebb reads: only what is used is decoded and kept. */
@NullMarked
package dev.ebb.runtime.model;

import org.jspecify.annotations.NullMarked;
