// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;

namespace ClusterManager.Cli.Bootstrap;

/// <summary>What <c>join</c> made.</summary>
/// <param name="ClusterId">The cluster.</param>
/// <param name="NodeName">This node's name.</param>
/// <param name="Managers">Addresses of the managers.</param>
/// <param name="IsManager">A manager runs here too.</param>
/// <param name="WasThere">This machine had joined already.</param>
/// <param name="Elapsed">How long it took.</param>
internal sealed record JoinResult(
    string ClusterId, string NodeName, ImmutableArray<string> Managers, bool IsManager, bool WasThere, TimeSpan Elapsed);
