// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Hosting.Concurrency;
using ClusterManager.Hosting.Time;
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.Leadership;
using ClusterManager.Manager.Planning.Rollouts;
using ClusterManager.Model;

namespace ClusterManager.Manager.Gates;

/// <summary>
/// Asks those who open the gates of canaries, as the newest snapshot says, each after its interval again, and posts what they say. Decides
/// nothing. Runs only while this manager leads.
/// </summary>
internal sealed class GateKeeper(EngineLoop engine, Fence fence, GateClient client, TimeProvider time)
{
    private const int AtOnce = 16;
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);
    private readonly SortedDictionary<(ServiceId Service, int Rollout, int Step, int Gate, DateTimeOffset From), long> _asked = [];

    /// <summary>Runs until cancelled.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var tasks = new OwnedTasks(cancellationToken);
        tasks.TryStart(stopping => LookAsync(tasks, stopping));
        await tasks.WhenEndedAsync();
    }

    private async Task LookAsync(OwnedTasks tasks, CancellationToken cancellationToken)
    {
        while (true)
        {
            if (fence.IsFresh) Ask(tasks);
            await Pause.ForAsync(Look, time, cancellationToken);
        }
    }

    private void Ask(OwnedTasks tasks)
    {
        var open = GateQuestion.Of(engine.Snapshots.Current).ToList();
        if (open.Count == 0)
        {
            _asked.Clear();
            return;
        }

        var keys = open.Select(question => question.Key).ToHashSet();
        foreach (var gone in _asked.Keys.Where(key => !keys.Contains(key)).ToList()) _asked.Remove(gone);
        foreach (var question in open.Where(IsDue))
        {
            if (tasks.RunningCount > AtOnce) return;
            _asked[question.Key] = time.GetTimestamp();
            tasks.TryStart(token => AskAsync(question, token));
        }
    }

    private bool IsDue(GateQuestion question) => engine.Now >= question.From
        && (!_asked.TryGetValue(question.Key, out var at) || time.GetElapsedTime(at) >= question.Spec.Interval);

    private async Task AskAsync(GateQuestion question, CancellationToken cancellationToken)
    {
        var (verdict, text) = await client.AskAsync(question, cancellationToken);
        var rollout = question.Service.Rollout;
        // A full mailbox takes nothing: it is asked again.
        engine.TryPost(new ClusterEvent.GateAnswered(
            question.Service.Id, rollout.Number, rollout.Step, question.Gate, verdict, text));
    }
}
