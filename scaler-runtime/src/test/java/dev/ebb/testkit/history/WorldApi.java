package dev.ebb.testkit.history;

import dev.ebb.runtime.kube.KubeClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import okhttp3.Interceptor;

/**
 * The API that a world of histories stands on: in memory, or a real API server with this world's
 * clock. Nobody writes but the clients that it makes, and what is owned by an object that is gone
 * goes within the write that removed it.
 */
public interface WorldApi {

  /**
   * Returns Ebb's client of this API.
   *
   * @param before are asked before the API, the first one first; for faults and for records
   */
  KubeClient client(String fieldManager, Interceptor... before);

  /** Serves the custom resource of a definition's YAML file. */
  WorldApi define(Path definition);

  /** Creates a namespace. */
  WorldApi namespace(String name);

  /**
   * Returns a number that rises with each write of an object of some kinds that changes anything; 0
   * when there was none.
   */
  long revision(Collection<String> plurals);

  /** Keeps back what watches of a kind are told, from now on: their readers grow stale. */
  void hold(String plural);

  /** Tells all watches what was kept back. */
  void letGo();

  /** Ends every watch, as a restart of the API server does. */
  void endWatches();

  /** Forgets old versions: watches from before now are refused with 410. */
  void compact();

  /**
   * Waits until so many watches are open, have told everything that was written and is not kept
   * back, and their readers have taken it all and ask for more: what they do with it is done.
   *
   * @throws IllegalStateException when that does not come to be
   */
  void awaitDrained(int watches, Duration longest);
}
