package dev.ebb.testkit.matrix;

import dev.ebb.testkit.proxy.ApiRequest;
import java.util.List;
import java.util.Map;

/**
 * What the scenario comes to without faults: what every cell is held against.
 *
 * @param digest the end state
 * @param writes the writes in their order, Events and Leases aside
 * @param writesOfFirstAct how many of them belong to the first act
 * @param counts how often each effect, each create and each delete was done
 * @param lists the lists that fill the caches: those before it tries to lead
 */
record Baseline(
    List<String> digest,
    List<ApiRequest> writes,
    int writesOfFirstAct,
    Map<String, Long> counts,
    List<ApiRequest> lists) {}
