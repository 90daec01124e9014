// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Cli.Tests.Fixtures;
using ClusterManager.Model;
using ClusterManager.Wire;
using V1 = ClusterManager.Wire.V1;
using Change = ClusterManager.Wire.V1.AppliedService.Types.Change;

namespace ClusterManager.Cli.Tests.Commands;

/// <summary>The flags that say what runs once before and after a rollout.</summary>
public sealed class HookFlagTests
{
    [Theory]
    [InlineData("--pre-deploy|migrate up", "migrate up 120 ")]
    [InlineData("--pre-deploy-timeout|9m", "old 540 ")]
    [InlineData("--pre-deploy|", " ")]
    [InlineData("--post-deploy|check|--post-deploy-timeout|30s", "old 120 check 30")]
    [InlineData("--post-deploy-timeout|30s", null)]
    [InlineData("--pre-deploy-timeout|soon", null)]
    public async Task Update_changes_what_is_named(string flags, string? expected)
    {
        await using var cluster = await FakeCluster.StartAsync();
        var spec = new ServiceSpec
        {
            Name = ServiceName.Parse("web"), Container = new ContainerSpec { Image = "registry.lab:5000/web:1" },
            Update = new UpdatePolicy { PreDeploy = new HookSpec { Command = ["old"], Timeout = TimeSpan.FromMinutes(2) } },
        };
        cluster.On((V1.GetServiceRequest _) => new V1.ServiceDetail
        {
            Status = Script.Service("web", 7, V1.RolloutState.Succeeded, 3, 3), Spec = spec.ToWire(),
        });
        cluster.On((V1.ApplyServiceRequest _) => new V1.ApplyServiceResponse { Service = Script.Applied("web", 8, Change.Metadata) });
        var cli = new CliRun(cluster.Address);
        Assert.Equal(expected is null ? 2 : 0, await cli.RunAsync(["update", "web", .. flags.Split('|'), "--detach"]));
        var sent = cluster.Asked<V1.ApplyServiceRequest>().Select(request => request.Spec.ToModel().Update)
            .Select(update => $"{Text(update.PreDeploy)} {Text(update.PostDeploy)}").SingleOrDefault();
        Assert.Equal(expected, sent);
    }

    private static string Text(HookSpec? hook) =>
        hook is null ? "" : FormattableString.Invariant($"{string.Join(' ', hook.Command)} {hook.Timeout.TotalSeconds}");
}
