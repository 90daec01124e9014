// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Hosting.Concurrency;
using ClusterManager.Wire.V1;

namespace ClusterManager.Agent.Session;

/// <summary>The questions of one session to its leader for what the cluster keeps. Thread-safe.</summary>
/// <param name="outbox">The session's.</param>
/// <param name="time">The clock.</param>
internal sealed class KeepRequests(Mailbox<AgentMessage> outbox, TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);
    private readonly OpenQuestions<IReadOnlyCollection<string>> _open = new(Patience, time);

    /// <summary>Asks; null: the leader does not answer in time.</summary>
    public Task<IReadOnlyCollection<string>?> AskAsync(
        ImmutableArray<string> images, int revisions, CancellationToken cancellationToken) => _open.AskAsync(
        number => outbox.TryPost(new AgentMessage
        {
            KeepQuestion = new KeepQuestion { Request = number, Revisions = revisions, Images = { images } },
        }),
        cancellationToken);

    /// <summary>The leader's answer.</summary>
    public void Take(KeepAnswer answer) => _open.Take(answer.Request, [.. answer.Kept]);

    /// <summary>The session is over: nobody answers any more.</summary>
    public void End() => _open.End();
}
