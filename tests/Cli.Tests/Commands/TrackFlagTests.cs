// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Cli.Tests.Fixtures;
using ClusterManager.Model;
using ClusterManager.Wire;
using V1 = ClusterManager.Wire.V1;
using Change = ClusterManager.Wire.V1.AppliedService.Types.Change;

namespace ClusterManager.Cli.Tests.Commands;

/// <summary>The flags that say what is followed in the image's registry.</summary>
public sealed class TrackFlagTests
{
    [Theory]
    [InlineData("--track tag", "tag Poll 60", "tracking semver ^1 → tag")]
    [InlineData("--track-interval 30s", "semver ^1 Poll 30", "tracking change")]
    [InlineData("--track-via webhook --track none", null, null)]
    [InlineData("--track none", "none Poll 60", "tracking semver ^1 → none")]
    [InlineData("--track-interval 1s", null, null)]
    [InlineData("--track latest", null, null)]
    [InlineData("--track-interval soon --track-via hope", null, null)]
    public async Task Update_changes_what_is_named(string flags, string? expected, string? plan)
    {
        await using var cluster = await FakeCluster.StartAsync();
        var spec = new ServiceSpec
        {
            Name = ServiceName.Parse("web"), Container = new ContainerSpec { Image = "registry.lab:5000/web:1.0.0" },
            Track = new TrackPolicy { Kind = TrackKind.Semver, Range = "^1" },
        };
        cluster.On((V1.GetServiceRequest _) => new V1.ServiceDetail
        {
            Status = Script.Service("web", 7, V1.RolloutState.Succeeded, 3, 3), Spec = spec.ToWire(),
        });
        cluster.On((V1.ApplyServiceRequest _) => new V1.ApplyServiceResponse { Service = Script.Applied("web", 8, Change.Metadata) });
        var cli = new CliRun(cluster.Address);
        Assert.Equal(expected is null ? 2 : 0, await cli.RunAsync($"update web {flags} --detach"));
        var sent = cluster.Asked<V1.ApplyServiceRequest>().Select(request => request.Spec.ToModel().Track)
            .Select(track => FormattableString.Invariant($"{track} {track.Via} {track.Interval.TotalSeconds}")).SingleOrDefault();
        Assert.Equal(expected, sent);
        if (plan is not null) Assert.Contains($"~ web   {plan}\n", cli.Error, StringComparison.Ordinal);
    }
}
