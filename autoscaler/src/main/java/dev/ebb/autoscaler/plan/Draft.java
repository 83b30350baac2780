package dev.ebb.autoscaler.plan;

import dev.ebb.runtime.model.ScaledResource.State;
import java.time.Instant;
import java.util.List;

/** Everything that one decision knows half-way. */
record Draft(
    Observed observed,
    Validation.Findings findings,
    State state,
    Handover.Result handover,
    Gates.Adoption adoption,
    Reversals reversals,
    Instant activeUntil,
    List<Problem> problems,
    List<Gate> gates) {}
