// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Manager.Engine;
using ClusterManager.Manager.State;
using ClusterManager.Manager.Tests.Engine;
using ClusterManager.Manager.Tests.Support;
using ClusterManager.Manager.Tracking;
using ClusterManager.Model;
using Microsoft.Extensions.Logging;

namespace ClusterManager.Manager.Tests.Tracking;

/// <summary>A cluster of the model, its registry, and the loop that follows it, on one clock.</summary>
internal sealed class TrackedCluster
{
    public const string Latest = "registry.test:5000/web:latest";
    private TrackingLoop _loop;

    public TrackedCluster() => _loop = NewLoop();

    public ModelCluster Model { get; } = new ModelCluster().Up();

    public FakeTags Tags { get; } = new();

    /// <summary>Who is asked in place of <see cref="Tags"/>.</summary>
    public ITagReader? Reader
    {
        get;
        set
        {
            field = value;
            _loop = NewLoop();
        }
    }

    public VirtualTime Time { get; } = new();

    public ListLog Log { get; } = new();

    public TrackingLoop Loop => _loop;

    public ServiceRecord Web => Model.Service("web");

    public string Digest => Model.State.Revisions[Web.Id][Web.Revision].Image!.Digest;

    public static ServiceSpec Following(string image, string? range = null, TrackVia via = TrackVia.Poll, int replicas = 2) =>
        Specs.Web(replicas, image) with
        {
            Track = new TrackPolicy { Kind = range is null ? TrackKind.Tag : TrackKind.Semver, Range = range ?? "", Via = via },
        };

    /// <summary>The tag means another digest from now on, for agents too.</summary>
    public void Push(string image, string digest)
    {
        Tags.Digests[image] = digest;
        Model.Registry[image] = new ImageAnswer(digest, "", null);
    }

    public TrackedCluster Deployed(ServiceSpec spec)
    {
        Assert.IsType<MutationResult.Accepted>(Model.Apply(spec));
        Model.Run(TimeSpan.FromSeconds(30));
        Assert.Equal(RolloutState.Succeeded, Model.Service(spec.Name.Display).Rollout.State);
        return this;
    }

    public async Task PassAsync(TimeSpan span)
    {
        for (var end = Time.Elapsed + span; Time.Elapsed < end;)
        {
            Time.Advance(TimeSpan.FromSeconds(1));
            Model.Run(TimeSpan.FromSeconds(1));
            await _loop.PassAsync(CancellationToken.None);
        }
    }

    /// <summary>Another manager leads: what the loop knew is gone, and so is all that is not stored.</summary>
    public void ChangeLeader()
    {
        Model.ChangeLeader();
        _loop = NewLoop();
    }

    private TrackingLoop NewLoop() => new(
        () => Model.State, (make, _) => Task.FromResult(Model.Ask((ticket, _) => make(ticket))), Reader ?? Tags, Time,
        Log.CreateLogger<TrackingLoop>());
}
