// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Manager.State;

/// <summary>When the image of a failed rollout is asked for again. Never stored: a new leader begins anew.</summary>
/// <param name="Rollout">The rollout's number.</param>
/// <param name="Count">How often it was asked again.</param>
/// <param name="At">The next time.</param>
public sealed record ImageRetry(int Rollout, int Count, DateTimeOffset At);
