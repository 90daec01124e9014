// SPDX-License-Identifier: Apache-2.0
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Dispatch;

/// <summary>Questions to an agent that are answered within its session, or not at all.</summary>
internal static class AgentQuestions
{
    /// <summary>Asks and waits.</summary>
    /// <param name="session">The agent's.</param>
    /// <param name="desk">Where its answers arrive.</param>
    /// <param name="question">The message under the given number.</param>
    /// <param name="patience">How long to wait.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">The caller's.</param>
    /// <returns>Null when it does not answer in time.</returns>
    public static async Task<T?> AskAsync<T>(
        this AgentSession session, AnswerDesk<T> desk, Func<long, V1.ManagerMessage> question, TimeSpan patience, TimeProvider time,
        CancellationToken cancellationToken)
        where T : class
    {
        using var limit = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, limit.Token);
        var (request, answer) = desk.Open(time.GetUtcNow());
        try
        {
            return session.TrySend(question(request)) ? await answer.WaitAsync(either.Token) : null;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
        finally
        {
            desk.Close(request);
        }
    }
}
