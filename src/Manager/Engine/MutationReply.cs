// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Manager.State;

namespace ClusterManager.Manager.Engine;

/// <summary>The answer to one mutation, given after its commit.</summary>
/// <param name="Ticket">Of the mutation.</param>
/// <param name="Result">Accepted or refused.</param>
public sealed record MutationReply(long Ticket, MutationResult Result);

/// <summary>What became of a mutation.</summary>
public abstract record MutationResult
{
    private MutationResult() { }

    /// <summary>Carried out (or nothing was to be done).</summary>
    public sealed record Accepted(ImmutableArray<RequestOutcome> Outcomes) : MutationResult;

    /// <summary>Refused; nothing was changed.</summary>
    /// <param name="Kind">Which kind of refusal.</param>
    /// <param name="Text">One sentence that names the object and what to do.</param>
    /// <param name="Candidates">Nearest names, when something was not found.</param>
    public sealed record Refused(RefusalKind Kind, string Text, ImmutableArray<string> Candidates) : MutationResult;
}
