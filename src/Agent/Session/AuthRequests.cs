// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Hosting.Concurrency;
using ClusterManager.Wire.V1;

namespace ClusterManager.Agent.Session;

/// <summary>The questions of one session to its leader for a registry's credential. Thread-safe.</summary>
/// <param name="outbox">The session's.</param>
/// <param name="time">The clock.</param>
internal sealed class AuthRequests(Mailbox<AgentMessage> outbox, TimeProvider time)
{
    /// <summary>A helper on the manager may take 8 s.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly OpenQuestions<string> _open = new(Patience, time);

    /// <summary>Asks; null: the leader has none, or does not answer in time.</summary>
    public Task<string?> AskAsync(string image, CancellationToken cancellationToken) => _open.AskAsync(
        number => outbox.TryPost(new AgentMessage { AuthRequest = new AuthRequest { Request = number, Image = image } }),
        cancellationToken);

    /// <summary>The leader's answer.</summary>
    public void Take(AuthAnswer answer) =>
        _open.Take(answer.Request, answer.Auth is { Encoded.Length: > 0 } auth ? auth.Encoded : null);

    /// <summary>The session is over: nobody answers any more.</summary>
    public void End() => _open.End();
}
