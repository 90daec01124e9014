// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Manager.State;

/// <summary>What was said last of one gate of a canary's step. Never stored.</summary>
/// <param name="Rollout">The rollout's number.</param>
/// <param name="Step">The step's.</param>
/// <param name="Verdict">Yes, no, or nothing that means anything.</param>
/// <param name="Text">Why, in half a sentence.</param>
/// <param name="At">When it came.</param>
public sealed record GateAnswer(int Rollout, int Step, GateVerdict Verdict, string Text, DateTimeOffset At);
