// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Manager.Persistence;

/// <summary>How a commit ended.</summary>
internal abstract record CommitOutcome
{
    private CommitOutcome() { }

    /// <summary>It is stored; the next commit cas'es this index.</summary>
    public sealed record Committed(ulong VersionIndex) : CommitOutcome;

    /// <summary>Another leads: the term is over. Nothing was stored.</summary>
    public sealed record Deposed(string Text) : CommitOutcome;

    /// <summary>Somebody else wrote the version: either an earlier try of this commit, or the term is over.</summary>
    public sealed record VersionMoved : CommitOutcome;

    /// <summary>Consul refused it for another reason; nothing was stored.</summary>
    public sealed record Refused(string Text) : CommitOutcome;

    /// <summary>No answer: it may be stored or not.</summary>
    public sealed record Unknown(string Text) : CommitOutcome;
}
