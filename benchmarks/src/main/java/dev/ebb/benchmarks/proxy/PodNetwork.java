package dev.ebb.benchmarks.proxy;

import dev.ebb.benchmarks.lab.JavaProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The network of a pod, in which other programs can stand beside the pod's own: what is compared
 * has the same way to go.
 *
 * @param address the pod's address
 * @param pod the pod's own process
 */
record PodNetwork(String address, JavaProcess pod) {

  /** Starts a program of this machine there, on one core; its process id is the program's own. */
  Process start(int core, List<String> program) {
    List<String> command = new ArrayList<>(List.of("taskset", "-c", Integer.toString(core)));
    command.addAll(List.of("nsenter", "-t", Long.toString(pod.pid()), "-n"));
    command.addAll(program);
    try {
      return new ProcessBuilder(command)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .redirectError(ProcessBuilder.Redirect.INHERIT)
          .start();
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
