// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Model;

namespace ClusterManager.Agent.Health;

/// <summary>What the probes of one attempt have shown so far. Immutable.</summary>
/// <param name="State">The verdict.</param>
/// <param name="Passed">Passed probes in a row.</param>
/// <param name="Failed">Failed probes in a row.</param>
/// <param name="HadSuccess">At least one probe of this attempt passed.</param>
/// <param name="LastOutput">What the last probe said.</param>
/// <param name="NextAt">When the next probe is due, by the agent's monotonic clock.</param>
internal sealed record HealthProgress(HealthState State, int Passed, int Failed, bool HadSuccess, string LastOutput, TimeSpan NextAt);
