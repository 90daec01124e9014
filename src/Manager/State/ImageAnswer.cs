// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Manager.State;

/// <summary>One agent's answer to an image look-up.</summary>
/// <param name="Digest">From the registry (or the local image's repository digest); empty: none.</param>
/// <param name="LocalImageId">The engine has the image under this id; empty: it has not.</param>
/// <param name="Failure">Why the registry gave no digest; null: it was not asked or it did.</param>
public sealed record ImageAnswer(string Digest, string LocalImageId, Reason? Failure);
