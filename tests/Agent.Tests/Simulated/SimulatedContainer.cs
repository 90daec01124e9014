// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Agent.Docker;

namespace ClusterManager.Agent.Tests.Simulated;

/// <summary>A container of the simulated engine.</summary>
internal sealed class SimulatedContainer
{
    public required string Id { get; init; }

    public required ContainerRequest Request { get; init; }

    public required DateTimeOffset Created { get; init; }

    public ContainerState State { get; set; } = ContainerState.Created;

    public DateTimeOffset? Started { get; set; }

    public DateTimeOffset? Finished { get; set; }

    public int ExitCode { get; set; }

    public bool OutOfMemory { get; set; }

    public int Starts { get; set; }

    public ContainerHealth Health { get; set; } = ContainerHealth.None;

    public bool IsRunning => State == ContainerState.Running;

    public ContainerDetails Details() => new()
    {
        Id = Id,
        Name = Request.Name,
        ImageId = "sha256:image",
        Image = Request.Image,
        Labels = Request.Labels,
        State = State,
        ExitCode = ExitCode,
        OutOfMemory = OutOfMemory,
        Error = "",
        Pid = IsRunning ? 1 : 0,
        Created = Created,
        Started = Started,
        Finished = Finished,
        Health = Health,
        HealthFailures = Health == ContainerHealth.Unhealthy ? 3 : 0,
        HealthLog = [],
        Tty = false,
        Addresses = new Dictionary<string, string> { [Request.Network ?? "bridge"] = IsRunning ? "172.30.0.2" : "" },
        Ports = IsRunning ? Request.Ports : [],
    };

    public ContainerSummary Summary() =>
        new(Id, Request.Name, SimulatedEngine.IdOf(Request.Image), State, State.ToString(), Request.Labels, Created);
}
