// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Inspection.Drift;

/// <summary>One field of a container that differs from what the agent would make.</summary>
/// <param name="Field">Its name.</param>
/// <param name="Wanted">Empty: none.</param>
/// <param name="Found">Empty: none.</param>
/// <param name="IsHidden">The values are secret and are not given.</param>
internal sealed record FieldFinding(string Field, string Wanted, string Found, bool IsHidden = false);
