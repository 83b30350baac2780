/** Ebb as a user has it: installed by Helm on a real cluster, called from inside. */
package dev.ebb.system;
