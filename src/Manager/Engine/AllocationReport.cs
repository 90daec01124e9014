// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.State;
using ClusterManager.Model;

namespace ClusterManager.Manager.Engine;

/// <summary>What an agent says of one allocation.</summary>
public sealed record AllocationReport(AllocationId Id, AllocationObservation Observation);
