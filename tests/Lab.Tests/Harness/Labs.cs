// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Lab.Tests.Harness;

/// <summary>Three hosts, one of them with manager and Consul server; h2 has the newer Docker Engine.</summary>
public sealed class OneManagerFixture() : LabFixture(1, 3, "--engine-new", "h2");

/// <summary>The same, for tests that roll services: the longest of all, they run beside the others.</summary>
public sealed class RollingFixture() : LabFixture(10, 3, "--engine-new", "h2");

/// <summary>The same, for tests that break something.</summary>
public sealed class FaultyFixture() : LabFixture(5, 3, "--engine-new", "h2");

/// <summary>Three hosts, each with a manager and a Consul server, for tests that run beside others.</summary>
public sealed class ThreeManagersFixture() : ThreeManagersLab(2);

/// <summary>The same for tests that measure, or that load the machine so that others could not measure.</summary>
public sealed class MeasuredFixture() : ThreeManagersLab(6);

/// <summary>Three hosts, each with a manager and a Consul server; further ones without.</summary>
public abstract class ThreeManagersLab(int number, int hosts = 3) : LabFixture(number, hosts, "--managers", "3")
{
    /// <summary>
    /// Consul gives a new server its vote some ten seconds later; before that, the loss of one server is the loss of the quorum.
    /// </summary>
    protected override Task BeginAsync() => VotersAsync();

    /// <summary>Waits until all three Consul servers vote.</summary>
    public async Task VotersAsync()
    {
        var token = (await File.ReadAllTextAsync(Path.Combine(Lab.DataOf("h1"), "manager", "consul.token"))).Trim();
        await Eventually.HoldsAsync(
            "all Consul servers vote", 60,
            () => Lab.RunAsync(
                "h1", "curl", "-fsS", "-H", $"X-Consul-Token: {token}", "http://127.0.0.1:8500/v1/operator/raft/configuration"),
            answer => answer.ExitCode == 0 && Voters(answer) == 3);
    }

    private static int Voters(CommandResult answer) =>
        answer.Json().GetProperty("Servers").EnumerateArray().Count(server => server.GetProperty("Voter").GetBoolean());
}

/// <summary>Two hosts whose cluster is lost in the end.</summary>
public sealed class LostStateFixture() : LabFixture(3, 2);

/// <summary>Three hosts, one of them with manager and Consul server, whose cluster is lost and recovered.</summary>
public sealed class RecoveryFixture() : LabFixture(8, 3);

/// <summary>Tests that share <see cref="OneManagerFixture"/>.</summary>
[CollectionDefinition(Name)]
public sealed class OneManager : ICollectionFixture<OneManagerFixture>
{
    /// <summary>The collection's name.</summary>
    public const string Name = "one manager";
}

/// <summary>Tests that share <see cref="RollingFixture"/>.</summary>
[CollectionDefinition(Name)]
public sealed class Rolling : ICollectionFixture<RollingFixture>
{
    /// <summary>The collection's name.</summary>
    public const string Name = "one manager, rollouts";
}

/// <summary>Tests that share <see cref="FaultyFixture"/>.</summary>
[CollectionDefinition(Name)]
public sealed class Faulty : ICollectionFixture<FaultyFixture>
{
    /// <summary>The collection's name.</summary>
    public const string Name = "one manager, faults";
}

/// <summary>Tests that share <see cref="ThreeManagersFixture"/>.</summary>
[CollectionDefinition(Name)]
public sealed class ThreeManagers : ICollectionFixture<ThreeManagersFixture>
{
    /// <summary>The collection's name.</summary>
    public const string Name = "three managers";
}

/// <summary>The same, for hostile conditions: engines are upgraded, disks are full, clocks are wrong.</summary>
public sealed class HostileFixture() : LabFixture(9, 3, "--engine-new", "h2");

/// <summary>Tests that share <see cref="HostileFixture"/>.</summary>
[CollectionDefinition(Name)]
public sealed class Hostile : ICollectionFixture<HostileFixture>
{
    /// <summary>The collection's name.</summary>
    public const string Name = "one manager, hostile conditions";
}

/// <summary>Tests that share <see cref="MeasuredFixture"/>; nothing else runs meanwhile.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class Measured : ICollectionFixture<MeasuredFixture>
{
    /// <summary>The collection's name.</summary>
    public const string Name = "three managers, measured";
}
