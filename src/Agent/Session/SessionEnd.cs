// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Session;

/// <summary>How a session ended. A closed family.</summary>
internal abstract record SessionEnd
{
    private SessionEnd()
    {
    }

    /// <summary>The connection broke, or the manager was silent for too long.</summary>
    public sealed record Lost(string Text) : SessionEnd;

    /// <summary>This manager does not lead.</summary>
    /// <param name="Leader">Who does, <c>host:port</c>; empty: not known.</param>
    public sealed record NotLeader(string Leader) : SessionEnd;

    /// <summary>The manager refused us until an operator acts.</summary>
    public sealed record Rejected(string Text) : SessionEnd;

    /// <summary>We refused the manager.</summary>
    public sealed record Refused(GateVerdict Verdict, string Text) : SessionEnd;
}
