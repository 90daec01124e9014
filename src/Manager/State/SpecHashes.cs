// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Manager.State;

/// <summary>The two hashes of a spec.</summary>
/// <param name="Spec">Over everything.</param>
/// <param name="Template">Over what a container is made of.</param>
public sealed record SpecHashes(string Spec, string Template);
