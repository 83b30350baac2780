package dev.ebb.timescaler.plan;

/** What is to be done with a target. */
public sealed interface TargetStep permits HpaStep, ResourceStep, KedaStep, WorkloadStep {}
