// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Lab.Tests.Harness;
using ClusterManager.Load;
using LabHosts = ClusterManager.Lab.Tests.Harness.Lab;

namespace ClusterManager.Benchmarks.Update;

/// <summary>Who updates a service of ten replicas, by its own command as a person types it.</summary>
internal abstract class UpdateSide(LabHosts lab)
{
    /// <summary>How many replicas.</summary>
    public const int Replicas = 10;

    /// <summary>For the table, and part of its images' names.</summary>
    public abstract string Name { get; }

    /// <summary>The label of its containers.</summary>
    public abstract string Label { get; }

    /// <summary>Makes the service and returns when it runs.</summary>
    public abstract Task CreateAsync(UpdateSettings settings, string image);

    /// <summary>Updates to another image; returns with the verdict.</summary>
    public abstract Task UpdateAsync(string image);

    /// <summary>Removes the service.</summary>
    public abstract Task RemoveAsync();

    /// <summary>The command that sends requests to the service, up to what it sends and how often.</summary>
    public abstract Task<RunningCommand> CallAsync(int rate, string until);

    /// <summary>The lab.</summary>
    protected LabHosts Lab { get; } = lab;

    /// <summary>Waits until no container of it is left.</summary>
    protected async Task GoneAsync() => await Eventually.HoldsAsync(
        $"no container of {Name} is left", 60, () => Lab.ContainersOnAsync("h1", Label), found => found.Count == 0);

    /// <summary>The arguments of the load generator.</summary>
    protected static IReadOnlyList<string> Caller(string target, int rate, string until, params string[] more) =>
    [
        "dotnet", typeof(LoadRun).Assembly.Location, "--target", $"{target}@{rate}",
        "--requests", "1", "--slow", "0", "--until", until, .. more,
    ];
}

/// <summary>Ours; callers find it by the SRV records of Consul.</summary>
internal sealed class OurSide(LabHosts lab) : UpdateSide(lab)
{
    public override string Name => "ours";

    public override string Label => "cluster.service=default/upd";

    public override async Task CreateAsync(UpdateSettings settings, string image)
    {
        var port = settings.HasCallers ? "-p 8080 " : "";
        (await Lab.ClusterAsync($"run --name upd --replicas {Replicas} {port}{settings.Ours} {image}".Replace("  ", " "))).Expect(0);
    }

    public override async Task UpdateAsync(string image) => (await Lab.ClusterAsync($"service update upd --image {image}")).Expect(0);

    public override async Task RemoveAsync()
    {
        (await Lab.ClusterAsync("service rm -y upd")).Expect(0);
        await GoneAsync();
    }

    public override Task<RunningCommand> CallAsync(int rate, string until) =>
        Task.FromResult(Lab.Start("h1", [.. Caller("dns:upd.service.consul", rate, until)]));
}

/// <summary>
/// Docker Swarm's on the same engine. Callers find it by its name's addresses on an overlay network, since these kernels have no IPVS for
/// its virtual addresses and published ports; without callers it has no network of the swarm, which is quicker.
/// </summary>
internal sealed class SwarmSide(LabHosts lab) : UpdateSide(lab)
{
    private const string Overlay = "bench";

    public override string Name => "Docker Swarm";

    public override string Label => "com.docker.swarm.service.name=upd";

    /// <summary>Makes the swarm, and a container from whose network callers call.</summary>
    public async Task BeginAsync(string image)
    {
        await DockerAsync("swarm", "init", "--advertise-addr", Lab.AddressOf("h1"));
        // What has been replaced is removed: else its image could not be.
        await DockerAsync("swarm", "update", "--task-history-limit", "0");
        await DockerAsync("network", "create", "-d", "overlay", "--attachable", "--subnet", "10.99.0.0/16", Overlay);
        await DockerAsync("run", "-d", "--name", "caller", "--network", Overlay, image);
    }

    public override Task CreateAsync(UpdateSettings settings, string image) => DockerAsync(
    [
        "service", "create", "-q", "--name", "upd", "--replicas", $"{Replicas}", "--endpoint-mode", "dnsrr",
        .. settings.HasCallers ? ["--network", Overlay] : Array.Empty<string>(),
        .. settings.Swarm.Split(' ', StringSplitOptions.RemoveEmptyEntries), image,
    ]);

    public override Task UpdateAsync(string image) => DockerAsync("service", "update", "-q", "--image", image, "upd");

    public override async Task RemoveAsync()
    {
        await DockerAsync("service", "rm", "upd");
        await GoneAsync();
    }

    public override async Task<RunningCommand> CallAsync(int rate, string until)
    {
        var pid = (await DockerAsync("inspect", "-f", "{{.State.Pid}}", "caller")).Output.Trim();
        return Lab.Start("h1", ["nsenter", $"--net=/proc/{pid}/ns/net",
            .. Caller("hosts:upd:8080", rate, until, "--dns", "127.0.0.11:53")]);
    }

    private async Task<CommandResult> DockerAsync(params string[] arguments) => (await Lab.DockerAsync("h1", arguments)).Expect(0);
}
