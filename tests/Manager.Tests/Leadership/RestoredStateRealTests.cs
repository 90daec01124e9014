// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Consul;
using ClusterManager.Hosting.Files;
using ClusterManager.Hosting.Security;
using ClusterManager.Manager.Persistence;
using ClusterManager.Manager.State;
using ClusterManager.Manager.Tests.Engine;
using ClusterManager.Manager.Tests.Persistence;
using ClusterManager.Manager.Tests.Support;
using ClusterManager.Model;
using ClusterManager.Tests.Support;
using Google.Protobuf;
using V1 = ClusterManager.Wire.V1;

namespace ClusterManager.Manager.Tests.Leadership;

/// <summary>What a manager leads from that was not written by itself: older formats and backups, on a real Consul.</summary>
[Trait("Category", "Real")]
public sealed class RestoredStateRealTests(ConsulFixture fixture) : IClassFixture<ConsulFixture>, IAsyncLifetime
{
    public Task InitializeAsync() => fixture.ClearAsync();

    public Task DisposeAsync() => Task.CompletedTask;

    [Fact]
    public async Task A_state_of_the_format_before_is_migrated_before_the_term_begins()
    {
        foreach (var entry in RecordedState.FormatOne()) await fixture.Client.Kv.PutAsync(entry.Key, entry.Value, CancellationToken.None);
        await using var seat = new Seat(fixture.Address, 1, RecordedState.Cluster).Start();
        var state = (await seat.LeadsAsync()).Engine.Snapshots.Current;

        Assert.Equal(["later", "web"], state.Services.Values.Select(service => service.Name.Display).Order(StringComparer.Ordinal));
        var stored = await fixture.Client.Kv.ListAsync(StateKeys.Root, ReadOptions.Consistent, CancellationToken.None);
        Assert.All(stored.Value, entry => Assert.Equal(StoredFormat.Current, entry.Value[0]));
        Assert.All(state.Nodes.Values, node => Assert.Equal(1, node.Incarnation));
        var recorded = ClusterStateBuilder.Build(StateReader.Read(RecordedState.FormatOne())!.Value.Stored);
        FaultTable.Record(
            "the state is of the format before the manager's", "nothing is to do: it is migrated before the term begins",
            WantedIn(recorded), WantedIn(state), $"the manager leads; all {stored.Value.Count} values are of the current format");
    }

    [Fact]
    public async Task A_state_of_a_newer_format_is_refused_and_stays_as_it_is()
    {
        foreach (var entry in RecordedState.FormatOne())
        {
            byte[] newer = [StoredFormat.Current + 1, .. entry.Value[1..]];
            await fixture.Client.Kv.PutAsync(entry.Key, newer, CancellationToken.None);
        }

        var meta = await fixture.IndexOfAsync(StateKeys.Meta);
        await using var seat = new Seat(fixture.Address, 1, RecordedState.Cluster).Start();
        await seat.SaysAsync("upgrade this manager");
        Assert.Null(seat.Term);
        Assert.Equal(meta, await fixture.IndexOfAsync(StateKeys.Meta));
    }

    [Fact]
    public async Task A_backup_begins_the_next_life_with_counters_that_jump_and_every_other_node_unconfirmed()
    {
        var key = ClusterKey.Create();
        await using var seat = new Seat(fixture.Address, 7, RecordedState.Cluster, incarnation: 2, key: key);
        await seat.WriteBootstrapAsync();
        var backup = new V1.Backup { ClusterId = RecordedState.Cluster.ToString() };
        backup.Entries.AddRange(RecordedState.FormatOne().Select(
            entry => new V1.BackupEntry { Key = entry.Key, Value = ByteString.CopyFrom(entry.Value) }));
        await AtomicFile.WriteSealedAsync(seat.Paths.RestoreFile, backup.ToByteArray(), FileModes.Private, CancellationToken.None);

        var state = (await seat.Start().LeadsAsync()).Engine.Snapshots.Current;
        Assert.Equal(2, state.Meta.Incarnation);
        Assert.True(state.Meta.GenerationFloor > 1000 && state.NextServiceId > 1_000_000 && state.NextNodeOrdinal > 1000);
        Assert.Equal(2, state.Services.Count);
        Assert.All(state.Nodes.Values, node => Assert.Equal(1, node.Incarnation));
        var self = state.Nodes[ModelCluster.Id(7)];
        Assert.True(self is { IsManager: true, IsConsulServer: true });
        Assert.All(state.Nodes.Values.Where(node => node != self), node => Assert.False(node.IsConsulServer));
        Assert.Equal(Seat.Canary, (await seat.Secrets.OpenAsync(SecretNames.CaKey, CancellationToken.None)).Reveal());
        Assert.False(File.Exists(seat.Paths.RestoreFile));
    }

    /// <summary>Services, and which replica of which revision is to be where.</summary>
    private static string WantedIn(ClusterState state)
    {
        var services = state.Services.Select(pair => $"{pair.Key} {pair.Value.Name.Display}");
        var replicas = state.Allocations.Values.SelectMany(map => map.BySlot.Values).SelectMany(records => records)
            .Select(record => $"{record.Id} {record.Revision} {record.Node} {record.Desired}");
        return string.Join('\n', services.Concat(replicas));
    }
}
