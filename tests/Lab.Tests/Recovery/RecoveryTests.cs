// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Lab.Tests.Harness;
using ClusterManager.Tests.Support;

namespace ClusterManager.Lab.Tests.Recovery;

/// <summary>
/// A cluster that loses its managers and their Consul, once with a backup and once without. One test, since each part begins where the one
/// before ended, and a cluster costs half a minute.
/// </summary>
public sealed class RecoveryTests(RecoveryFixture fixture) : LabTest(fixture), IClassFixture<RecoveryFixture>
{
    private const string Passphrase = "CLUSTER_BACKUP_PASSPHRASE=correct-horse-battery";
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(3);

    private string BackupPath => Path.Combine(Lab.Directory, "cluster.backup");

    [Fact]
    public async Task All_managers_and_all_of_Consul_are_lost_with_a_backup_and_then_without_and_no_container_is_made_anew()
    {
        await RunServiceAsync("web", 3);
        (await OnAsync("h1", "backup", BackupPath)).Expect(0);
        await RunServiceAsync("later", 2, "-p 8080 --constraint node.hostname!=h1");
        var desired = await DesiredState.OfAsync(Lab);
        var before = await AllAsync();

        await RefusedWhileTheClusterLivesAsync();
        await RestoreOnAFreshDiskAsync(before);
        await ConfirmAndAdoptAsync(before, desired);
        await RebuildFromAgentsAsync(before, desired);
        await ChangeAddressAsync(desired);
    }

    /// <summary>The cluster is another one in the end, led from h2: the fixture takes it down.</summary>
    public override Task DisposeAsync() => Task.CompletedTask;

    private async Task RefusedWhileTheClusterLivesAsync()
    {
        var refused = await OnAsync("h2", "restore", BackupPath, "--yes");
        Assert.Equal(8, refused.ExitCode);
        Assert.Contains("the cluster lives", refused.Error, StringComparison.Ordinal);
        await File.WriteAllBytesAsync(BackupPath + ".cut", (await File.ReadAllBytesAsync(BackupPath))[..^1]);
        Assert.Contains("damaged", (await OnAsync("h1", "restore", BackupPath + ".cut", "--yes")).Error, StringComparison.Ordinal);
    }

    private async Task RestoreOnAFreshDiskAsync(IReadOnlyList<LabContainer> before)
    {
        await LoseManagerAsync("h1", Lab.DataOf("h1"));
        var watch = TimeProvider.System.GetTimestamp();
        string[] machine = ["--name", "h1", "--advertise", Lab.AddressOf("h1"), "--docker-socket", "/run/docker.sock"];
        (await OnAsync("h1", ["restore", BackupPath, .. machine, "--consul-bin", await ConsulOnAsync("h2")])).Expect(0);
        await UseContextOfAsync("h1");
        Assert.Equal(["web"], (await Lab.ClusterAsync("service ls -o name")).Expect(0).Lines);
        var status = await Lab.ClusterAsync("status");
        Assert.Equal(1, status.ExitCode);
        Assert.Contains("cluster recover confirm 2", status.Output, StringComparison.Ordinal);
        Assert.Contains("UNCONFIRMED", (await Lab.ClusterAsync("node ls")).Expect(0).Output, StringComparison.Ordinal);
        await UntouchedAsync(before, 3);
        var wrong = await OnAsync("h2", "recover", "confirm", "7");
        Assert.Equal(8, wrong.ExitCode);
        foreach (var host in new[] { "h2", "h3" }) (await OnAsync(host, "recover", "confirm", "2")).Expect(0);
        RestoreSeconds = TimeProvider.System.GetElapsedTime(watch).TotalSeconds;
        Assert.True(RestoreSeconds < 300, $"the restore took {RestoreSeconds} s");
    }

    private double RestoreSeconds { get; set; }

    private async Task ConfirmAndAdoptAsync(IReadOnlyList<LabContainer> before, string desired)
    {
        var status = await Eventually.HoldsAsync(
            "the service that the backup lacks is told", 20, () => Lab.ClusterAsync("status"), answer =>
                answer.Output.Contains("cluster recover adopt later", StringComparison.Ordinal));
        Assert.DoesNotContain("confirm", status.Output, StringComparison.Ordinal);
        await UntouchedAsync(before, 2);
        (await Lab.ClusterAsync("recover adopt --all")).Expect(0);
        await WellAsync();
        await UntouchedAsync(before, 2);
        await NamedAsync("later", 2, "h3", 30);
        FaultTable.Record(
            "all managers and Consul are lost, a backup is restored", "IncarnationUnconfirmed, UnknownToState in cluster status", desired,
            await DesiredState.OfAsync(Lab), $"restored and confirmed on 3 nodes in {RestoreSeconds:0} s, 0 of 5 containers made anew");
    }

    private async Task RebuildFromAgentsAsync(IReadOnlyList<LabContainer> before, string desired)
    {
        var data = Lab.DataOf("h1");
        await LoseManagerAsync("h1", Path.Combine(data, "consul"), Path.Combine(data, "manager"));
        // As somebody would who tries to help: what was stopped by hand is to run again afterwards.
        (await OnAsync("h2", "host", "stop", "consul")).Expect(0);
        var watch = TimeProvider.System.GetTimestamp();
        var rebuilt = (await OnAsync("h2", "recover", "--from-agents", "--yes")).Expect(0);
        Assert.Contains("services scaled to 0", rebuilt.Output, StringComparison.Ordinal);
        await UseContextOfAsync("h2");
        var token = rebuilt.Output.Split(' ', '\n').First(word => word.StartsWith("CMT-", StringComparison.Ordinal));
        foreach (var host in new[] { "h1", "h3" })
            (await OnAsync(host, "join", $"{Lab.AddressOf("h2")}:7443", "--token", token, "--keep")).Expect(0);
        await Eventually.HoldsAsync(
            "both services are found", 20, () => Lab.ClusterAsync("recover ls -o name"), answer => answer.Lines.Count == 2);
        (await Lab.ClusterAsync("recover adopt --all")).Expect(0);
        await WellAsync();
        var seconds = TimeProvider.System.GetElapsedTime(watch).TotalSeconds;
        await UntouchedAsync(before, 3);
        await NamedAsync("web", 3, "h3", 30);
        FaultTable.Record(
            "all managers and Consul are lost, and there is no backup", "UnknownToState in cluster status", desired,
            await DesiredState.OfAsync(Lab), $"rebuilt from 3 agents in {seconds:0} s, 0 of 5 containers made anew");
    }

    private async Task ChangeAddressAsync(string desired)
    {
        var address = $"{Lab.Net}.93";
        (await OnAsync("h3", "host", "stop")).Expect(0);
        (await Lab.RunAsync("h3", "ip", "addr", "del", $"{Lab.AddressOf("h3")}/24", "dev", "eth0")).Expect(0);
        (await Lab.RunAsync("h3", "ip", "addr", "add", $"{address}/24", "dev", "eth0")).Expect(0);
        (await Lab.RunAsync("h3", "ip", "route", "replace", "default", "via", $"{Lab.Net}.1")).Expect(0);
        var token = (await Lab.ClusterOnAsync("h2", "token create -q")).Expect(0).Output.Trim();
        (await OnAsync("h3", "join", $"{Lab.AddressOf("h2")}:7443", "--token", token, "--keep", "--advertise", address)).Expect(0);
        await WellAsync();
        Assert.Contains(address, (await Lab.ClusterOnAsync("h2", "node ls")).Expect(0).Output, StringComparison.Ordinal);
        // Consul lets a name go to another address 30 s after its machine was lost (memberlist's DeadNodeReclaimTime), not before.
        await Eventually.HoldsAsync(
            "nothing leads to the old address", 60, () => Lab.ResolveAsync("web", "h2"), found =>
                found.Count == 3 && found.All(endpoint => endpoint.Address != Lab.AddressOf("h3")));
        await RunServiceAsync("there", 1, "-p 8080 --constraint node.hostname==h3");
        Assert.Equal(address, Assert.Single(await NamedAsync("there", 1, "h2", 60)).Address);
        (await Lab.ClusterAsync("service rm there --yes")).Expect(0);
        FaultTable.Record(
            "a node's address changes", "NodeDown in cluster status until it is joined with --keep", desired,
            await DesiredState.OfAsync(Lab, "h2"), "its replicas run elsewhere meanwhile; names lead to the new address afterwards");
    }

    private async Task LoseManagerAsync(string host, params string[] folders)
    {
        (await OnAsync(host, "host", "stop")).Expect(0);
        foreach (var folder in folders) Directory.Delete(folder, recursive: true);
    }

    private Task UntouchedAsync(IReadOnlyList<LabContainer> before, double seconds) =>
        Eventually.StaysAsync("no container is touched", seconds, AllAsync, now => Lives(now).SequenceEqual(Lives(before)));

    private async Task<IReadOnlyList<LabContainer>> AllAsync() =>
        [.. await Lab.ContainersAsync("default/web"), .. await Lab.ContainersAsync("default/later")];

    private async Task<string> ConsulOnAsync(string host)
    {
        var pid = await Lab.PidAsync(host, "consul");
        return (await Lab.LocalAsync("readlink", $"/proc/{pid}/exe")).Expect(0).Output.Trim();
    }

    // The operator of the lab has the certificate of the first cluster's authority, and h1's address.
    private Task UseContextOfAsync(string host)
    {
        var mine = Path.Combine(Lab.Directory, "operator", "config.yaml");
        File.Copy(Path.Combine(Lab.DataOf(host), "operator", "config.yaml"), mine, overwrite: true);
        return Task.CompletedTask;
    }

    private Task<CommandResult> OnAsync(string host, params string[] arguments) =>
        Lab.RunAsync(Long, host, ["env", Passphrase, $"CLUSTER_HOME={Lab.DataOf(host)}", "cluster", .. arguments]);
}
