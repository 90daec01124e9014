// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Manager.State;

/// <summary>
/// How far the running rollout of a service had come at best, and when: the progress deadline counts from there. Never stored.
/// </summary>
/// <param name="Rollout">The rollout's number.</param>
/// <param name="Score">
/// Grows with every step forward (an image resolved, a state reached, a replica available); only the best counts.
/// </param>
/// <param name="At">When the score last grew.</param>
/// <param name="Phase">What the score is of, each counted for itself: -1 the pulls before the rollout acts, -2 and -3 its
/// hooks, else a canary's step.</param>
public sealed record RolloutProgress(int Rollout, long Score, DateTimeOffset At, int Phase = 0);
