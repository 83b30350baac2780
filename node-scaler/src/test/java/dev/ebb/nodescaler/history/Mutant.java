package dev.ebb.nodescaler.history;

import dev.ebb.nodescaler.plan.Decision;
import dev.ebb.nodescaler.plan.Situation;
import java.io.IOException;
import okhttp3.Interceptor;
import okhttp3.Response;

/** A place for a planted fault: what is decided, and what the API answers to the service. */
interface Mutant {

  /** Decides. */
  default Decision decide(Situation situation) {
    return dev.ebb.nodescaler.plan.Decider.decide(situation);
  }

  /** Answers. */
  default Response api(Interceptor.Chain chain) throws IOException {
    return chain.proceed(chain.request());
  }
}
