// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Engine;

namespace ClusterManager.Manager.Tracking;

/// <summary>Submits a mutation to the engine and waits for its answer, which comes after its commit.</summary>
internal delegate Task<MutationResult> SubmitMutation(Func<long, ClusterEvent.Mutation> make, CancellationToken cancellationToken);
