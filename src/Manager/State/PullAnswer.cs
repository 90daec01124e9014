// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Manager.State;

/// <summary>What one agent last said of an image that it is to have.</summary>
/// <param name="State">How it stands.</param>
/// <param name="Progress">Grows while the pull moves: bytes brought and unpacked so far.</param>
/// <param name="Failure">Why it can not be had; null: it did not fail.</param>
public sealed record PullAnswer(PullState State, long Progress, Reason? Failure)
{
    /// <summary>Nothing more is to be expected of this node: it has the image, or leaves it to the start of its containers.</summary>
    public bool IsSettled => State is PullState.Present or PullState.Skipped;
}
