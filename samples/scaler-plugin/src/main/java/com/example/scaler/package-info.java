/** Somebody else's plug-in: scales a kind that Kubernetes itself cannot. */
@NullMarked
package com.example.scaler;

import org.jspecify.annotations.NullMarked;
