// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Agent.Session;

/// <summary>Ends all tasks of a session at once.</summary>
/// <param name="end">How it ended.</param>
internal sealed class SessionEndedException(SessionEnd end) : Exception(end.ToString())
{
    /// <summary>How it ended.</summary>
    public SessionEnd End { get; } = end;

    /// <summary>A lost connection.</summary>
    public static SessionEndedException Lost(string text) => new(new SessionEnd.Lost(text));
}
