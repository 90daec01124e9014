// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Model;

namespace ClusterManager.Manager.Planning.Scheduling;

/// <summary>Where a named volume's data is.</summary>
internal sealed record VolumeHome(string Volume, NodeId Node, string NodeName, bool IsReady);
