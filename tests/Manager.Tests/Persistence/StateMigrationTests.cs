// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Consul;
using ClusterManager.Manager.Persistence;

namespace ClusterManager.Manager.Tests.Persistence;

/// <summary>A recorded state of the format before reads as what it was, and is stored in the current one.</summary>
public sealed class StateMigrationTests
{
    [Fact]
    public void A_recorded_older_state_is_read_whole()
    {
        var (stored, _) = StateReader.Read(RecordedState.FormatOne())!.Value;
        Assert.Equal(RecordedState.Cluster, stored.Meta.Cluster);
        Assert.Equal(["h1", "h2", "h3"], stored.Nodes.Select(node => node.Name).Order(StringComparer.Ordinal));
        Assert.Equal(5, stored.Allocations.Sum(chunk => chunk.Allocations.Length));
        Assert.Equal(0, stored.Meta.GenerationFloor);
    }

    [Fact]
    public void Migrated_it_reads_the_same_and_nothing_is_left_to_migrate()
    {
        var old = RecordedState.FormatOne();
        var outdated = StateMigration.Outdated(old).ToDictionary(one => one.Key, one => one.Value);
        Assert.Equal(old.Select(entry => entry.Key).Order(StringComparer.Ordinal), outdated.Keys.Order(StringComparer.Ordinal));
        var migrated = old.Select(entry => entry with { Value = outdated[entry.Key] }).ToList();

        Assert.Empty(StateMigration.Outdated(migrated));
        Assert.All(migrated, entry => Assert.Equal(StoredFormat.Current, entry.Value[0]));
        var (before, after) = (StateReader.Read(old)!.Value.Stored, StateReader.Read(migrated)!.Value.Stored);
        Assert.Equal(before.Nodes.Select(node => node.ToString()), after.Nodes.Select(node => node.ToString()));
        Assert.Equal(before.Services.Select(service => service.ToString()), after.Services.Select(service => service.ToString()));
        Assert.Equal(before.Version, after.Version);
    }

    [Fact]
    public void The_version_is_written_last() =>
        Assert.Equal(StateKeys.Version, StateMigration.Outdated(RecordedState.FormatOne())[^1].Key);

    [Fact]
    public void A_format_two_versions_back_is_refused_with_the_way_to_go()
    {
        KvEntry[] ancient = [new KvEntry { Key = "cm/v1/meta", Value = [0, 1] }];
        var error = Assert.Throws<StateUnreadableException>(() => StateMigration.Outdated(ancient));
        Assert.Contains("reads from", error.Message, StringComparison.Ordinal);
    }
}
