// SPDX-License-Identifier: Apache-2.0
using System.Net;
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.Gates;
using ClusterManager.Manager.State;
using ClusterManager.Manager.Tests.Engine;
using ClusterManager.Manager.Tests.Support;
using ClusterManager.Model;

namespace ClusterManager.Manager.Tests.Gates;

/// <summary>Who is asked when: by the newest snapshot, behind a fresh fence, each after its interval.</summary>
public sealed class GateKeeperTests : IAsyncDisposable
{
    private readonly VirtualTime _time = new();
    private readonly LoopFixture _loop;
    private readonly Counter _counter = new();
    private readonly HttpMessageInvoker _http;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;
    private bool _isLeading = true;

    public GateKeeperTests()
    {
        _loop = new LoopFixture(_time);
        _http = new HttpMessageInvoker(_counter);
        _running = new GateKeeper(_loop.Loop, _loop.Fence, new GateClient(_http, _time), _time).RunAsync(_stop.Token);
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running.WaitAsync(TimeSpan.FromSeconds(10));
        await _loop.DisposeAsync();
        _http.Dispose();
        _stop.Dispose();
    }

    [Fact]
    public async Task A_figure_is_asked_for_at_once_and_after_each_interval_and_a_program_after_the_hold()
    {
        _loop.Loop.Snapshots.Publish(Held(_loop.Loop.Now));
        await PassAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(["/api/v1/query"], _counter.Asked);
        await PassAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(["/api/v1/query", "/api/v1/query"], _counter.Asked);
        Assert.Equal(2, _loop.Loop.MailboxDepth);
        await PassAsync(TimeSpan.FromSeconds(8));
        Assert.Equal(1, _counter.Asked.Count(path => path == "/web"));
        _loop.Loop.Snapshots.Publish(States.Empty());
        await PassAsync(TimeSpan.FromSeconds(1));
        var asked = _counter.Asked.Count;
        await PassAsync(TimeSpan.FromSeconds(20));
        Assert.Equal(asked, _counter.Asked.Count);
    }

    [Fact]
    public async Task Who_may_not_act_asks_nobody()
    {
        await PassAsync(TimeSpan.FromSeconds(1));
        _isLeading = false;
        await PassAsync(TimeSpan.FromSeconds(5));
        _loop.Loop.Snapshots.Publish(Held(_loop.Loop.Now));
        await PassAsync(TimeSpan.FromSeconds(10));
        Assert.Empty(_counter.Asked);
        _isLeading = true;
        await PassAsync(TimeSpan.FromSeconds(2));
        Assert.Single(_counter.Asked);
    }

    private static ClusterState Held(DateTimeOffset since)
    {
        GateSpec[] gates =
        [
            new() { Kind = GateKind.Prometheus, Url = "http://p.example", Query = "up", Timeout = TimeSpan.FromMinutes(5) },
            new() { Kind = GateKind.Http, Url = "http://g.example/web", Timeout = TimeSpan.FromMinutes(5) },
        ];
        var cluster = new ModelCluster().Up();
        cluster.Apply(Specs.Web(4));
        cluster.Run(TimeSpan.FromSeconds(10));
        cluster.Apply(Specs.Web(4, "registry.test:5000/web:2") with
        {
            Update = new UpdatePolicy { Strategy = UpdateStrategy.Canary, Hold = TimeSpan.FromSeconds(25), Gates = [.. gates] },
        });
        cluster.Run(TimeSpan.FromSeconds(10));
        var service = cluster.Service("web");
        Assert.NotNull(service.Rollout.StepReachedAt);
        service = service with { Rollout = service.Rollout with { StepReachedAt = since } };
        return cluster.State with { Services = cluster.State.Services.SetItem(service.Id, service) };
    }

    private Task PassAsync(TimeSpan span)
    {
        var end = _time.Elapsed + span;
        return _time.AdvanceUntilAsync($"{span} pass", () =>
        {
            if (_isLeading) _loop.Fence.Prove(_loop.Fence.Start());
            return _time.Elapsed >= end;
        }, span + TimeSpan.FromSeconds(10));
    }

    private sealed class Counter : HttpMessageHandler
    {
        public List<string> Asked { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            lock (Asked) Asked.Add(request.RequestUri!.AbsolutePath);
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.ServiceUnavailable));
        }
    }
}
