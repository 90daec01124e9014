// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Manager.Engine;

/// <summary>The term ended before a mutation was answered.</summary>
/// <param name="outcomeKnown">True: nothing was changed. False: it may have been committed; the same request id finds out.</param>
internal sealed class TermEndedException(bool outcomeKnown)
    : Exception(outcomeKnown ? "This manager stopped leading; nothing was changed." : "This manager stopped leading while it committed.")
{
    /// <summary>True: nothing was changed.</summary>
    public bool OutcomeKnown { get; } = outcomeKnown;
}
