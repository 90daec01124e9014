// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Hosting.Security;
using ClusterManager.Manager.Credentials;
using ClusterManager.Manager.Dispatch;
using ClusterManager.Manager.State;
using ClusterManager.Manager.Tests.Engine;
using ClusterManager.Manager.Tests.Support;
using ClusterManager.Model;
using Microsoft.Extensions.Logging.Abstractions;

namespace ClusterManager.Manager.Tests.Dispatch;

/// <summary>One session over virtual time. The engine's loop does not run: the test publishes snapshots itself.</summary>
internal sealed class SessionFixture : IAsyncDisposable
{
    private static readonly TrustBundle Trust = ClusterCertificateAuthority.Create(States.Cluster.ToString(), TimeProvider.System).Trust;
    private readonly CancellationTokenSource _stop = new();
    private readonly LoopFixture _loop;

    public SessionFixture(Func<VirtualTime, PullAuths>? auths = null)
    {
        _loop = new LoopFixture(Time);
        Session = new AgentSession(
            ModelCluster.Id(1), 1, _loop.Loop, _loop.Fence, new ClusterMapSource(() => Trust, 7443), Time,
            NullLogger<AgentSession>.Instance)
        {
            Auths = auths?.Invoke(Time),
        };
        Publish(States.Empty().With(Specs.Web(), States.Allocation(1, 1)));
    }

    public VirtualTime Time { get; } = new();

    public ScriptedAgent Agent { get; } = new();

    public AgentSession Session { get; }

    public ClusterState State { get; private set; } = States.Empty();

    public Task<string> Running { get; private set; } = Task.FromResult("not started");

    public int MailboxDepth => _loop.Loop.MailboxDepth;

    public SessionFixture Start()
    {
        Running = Session.RunAsync(Agent, Agent, _stop.Token);
        return this;
    }

    public void Publish(ClusterState state)
    {
        State = state;
        _loop.Loop.Snapshots.Publish(state);
    }

    /// <summary>As a renewal of the lock would.</summary>
    public void ProveFence() => _loop.Fence.Prove(_loop.Fence.Start());

    /// <summary>Time passes, with an agent that beats and a leader that renews, until the condition holds.</summary>
    public Task UntilAsync(string what, Func<bool> condition) => Time.AdvanceUntilAsync(
        what,
        () =>
        {
            ProveFence();
            if (!Running.IsCompleted) Agent.Beat();
            return condition();
        },
        TimeSpan.FromSeconds(10));

    public Task PassAsync(TimeSpan span)
    {
        var end = Time.Elapsed + span;
        return UntilAsync($"{span} pass", () => Time.Elapsed >= end);
    }

    public async ValueTask DisposeAsync()
    {
        Agent.HangUp();
        await _stop.CancelAsync();
        await Running.WaitAsync(TimeSpan.FromSeconds(10));
        await _loop.DisposeAsync();
        Session.Dispose();
        _stop.Dispose();
    }
}
