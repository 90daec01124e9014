// SPDX-License-Identifier: Apache-2.0
using System.Diagnostics.CodeAnalysis;
using System.Net;
using ClusterManager.Consul;
using ClusterManager.Grpc.Server;
using ClusterManager.Hosting.Security;
using ClusterManager.Manager.Api;
using ClusterManager.Manager.Leadership;
using ClusterManager.Manager.Tests.Engine;
using ClusterManager.Manager.Tests.Support;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Tests.Api;

/// <summary>A manager that does not lead passes a call on once, says who called, and gives it a time.</summary>
[SuppressMessage("Design", "CA1001", Justification = "xunit disposes it by IAsyncLifetime.")]
public sealed class ForwarderTests : IAsyncLifetime
{
    private readonly LeaderDouble _leader = new();
    private readonly FakeConsul _consul = new();
    private readonly CancellationTokenSource _stop = new();
    private ConsulClient _client = null!;
    private LeaderWatch _watch = null!;
    private Forwarder _forwarder = null!;
    private WebApplication _app = null!;
    private Task _watching = Task.CompletedTask;

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = HttpProtocols.Http2));
        _app = builder.Build();
        _app.UseRouting();
        _app.MapGrpcService(V1.ClusterApi.BindService(_leader));
        await _app.StartAsync();

        _client = _consul.CreateClient(TimeProvider.System);
        var identity = new ManagerIdentity(States.Cluster, ModelCluster.Id(2), "h2", "127.0.0.1:7443", 1);
        _watch = new LeaderWatch(_client, NullLogger<LeaderWatch>.Instance);
        var leadership = new LeadershipLoop(_client, _watch, null!, null!, identity, NullLogger<LeadershipLoop>.Instance);
        _forwarder = new Forwarder(
            leadership, _watch, identity, address => GrpcChannel.ForAddress(new Uri($"http://{address.Authority}")), TimeProvider.System);
    }

    public async Task DisposeAsync()
    {
        _forwarder.Dispose();
        await _stop.CancelAsync();
        await _watching.ContinueWith(_ => { }, TaskScheduler.Default);
        _client.Dispose();
        await _app.DisposeAsync();
        _stop.Dispose();
    }

    [Theory]
    [InlineData(PeerRole.Operator, "olga", "operator olga")]
    [InlineData(PeerRole.Node, "n1", "node n1")]
    public async Task A_call_goes_to_the_leader_with_its_callers_name_and_a_deadline(PeerRole role, string id, string actor)
    {
        await FollowAsync(1);
        var answer = await CallAsync(new CallerIdentity(role, id, actor, false, false));
        Assert.Equal("from the leader", answer.Summary);
        Assert.Equal(actor, _leader.Actor);
        Assert.InRange(_leader.Deadline - DateTime.UtcNow, TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(15));
    }

    [Fact]
    public async Task The_callers_own_deadline_is_kept()
    {
        await FollowAsync(1);
        await CallAsync(new CallerIdentity(PeerRole.Operator, "o", "operator o", false, false), DateTime.UtcNow.AddSeconds(60));
        Assert.InRange(_leader.Deadline - DateTime.UtcNow, TimeSpan.FromSeconds(40), TimeSpan.FromSeconds(60));
    }

    [Fact]
    public async Task What_was_passed_on_is_not_passed_on_again()
    {
        await FollowAsync(1);
        await UnavailableAsync("changing", new CallerIdentity(PeerRole.Manager, "m", "operator o", false, IsForwarded: true));
        Assert.Null(_leader.Actor);
    }

    [Fact]
    public async Task A_lock_of_ones_own_without_a_term_is_a_change_of_leaders()
    {
        await FollowAsync(2);
        await UnavailableAsync("changing");
    }

    [Fact]
    public async Task Without_a_leader_and_without_Consul_it_says_so()
    {
        await UnavailableAsync("Consul does not answer");
        await FollowAsync(0);
        await UnavailableAsync("no manager leads");
    }

    [Fact]
    public async Task Who_waits_for_a_leader_that_hangs_is_let_go_when_another_leads()
    {
        await FollowAsync(1);
        _leader.Hangs = true;
        var call = CallAsync(new CallerIdentity(PeerRole.Operator, "o", "operator o", false, false), DateTime.UtcNow.AddSeconds(60));
        await _leader.Called.Task.WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System);
        Assert.False(call.IsCompleted);
        _watch.Leader.Publish(new LeaderInfo(true, ModelCluster.Id(3).ToString(), "h3", "127.0.0.1:1", 2));
        var error = await Assert.ThrowsAsync<RpcException>(() => call.WaitAsync(TimeSpan.FromSeconds(10), TimeProvider.System));
        Assert.Equal(StatusCode.Aborted, error.StatusCode);
        Assert.Contains("replaced", error.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_leader_that_cannot_be_reached_is_a_refusal_that_changed_nothing()
    {
        await FollowAsync(1);
        _watch.Leader.Publish(new LeaderInfo(true, ModelCluster.Id(3).ToString(), "h3", "127.0.0.1:1", 2));
        var error = await UnavailableAsync("h3 at 127.0.0.1:1, cannot be reached");
        Assert.NotNull(error.Trailers.GetValueBytes(ClusterManager.Wire.ErrorTrailer.Name));
    }

    // Node 0: nobody holds the lock.
    private async Task FollowAsync(int node)
    {
        _watching = _watch.RunAsync(_stop.Token);
        await ClusterManager.Shared.Tests.Consul.Until.TrueAsync(
            "Consul answers", TimeSpan.FromSeconds(10), () => Task.FromResult(_watch.ConsulAnswers));
        if (node == 0) return;
        var address = new Uri(_app.Urls.Single()).Authority;
        _watch.Leader.Publish(new LeaderInfo(true, ModelCluster.Id(node).ToString(), $"h{node}", address, 1));
    }

    private async Task<RpcException> UnavailableAsync(string words, CallerIdentity? caller = null)
    {
        var error = await Assert.ThrowsAsync<RpcException>(
            () => CallAsync(caller ?? new CallerIdentity(PeerRole.Operator, "o", "operator o", false, false)));
        Assert.Equal(StatusCode.Unavailable, error.StatusCode);
        Assert.Contains(words, error.Status.Detail, StringComparison.Ordinal);
        return error;
    }

    private Task<V1.ClusterStatus> CallAsync(CallerIdentity caller, DateTime? deadline = null)
    {
        var context = new CallContextDouble(deadline ?? DateTime.MaxValue);
        CallerInterceptor.Attach(context, caller);
        return _forwarder.UnaryAsync(
            context,
            _ => throw new InvalidOperationException("this manager does not lead"),
            (invoker, options) => new V1.ClusterApi.ClusterApiClient(invoker).StatusAsync(new V1.StatusRequest(), options));
    }

    private sealed class LeaderDouble : V1.ClusterApi.ClusterApiBase
    {
        public string? Actor { get; private set; }

        public DateTime Deadline { get; private set; }

        public bool Hangs { get; set; }

        public TaskCompletionSource Called { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override async Task<V1.ClusterStatus> Status(V1.StatusRequest request, ServerCallContext context)
        {
            (Actor, Deadline) = (context.RequestHeaders.GetValue(Forwarder.ActorHeader), context.Deadline);
            Called.TrySetResult();
            if (Hangs) await new TaskCompletionSource().Task.WaitAsync(context.CancellationToken);
            return new V1.ClusterStatus { Summary = "from the leader" };
        }
    }
}
