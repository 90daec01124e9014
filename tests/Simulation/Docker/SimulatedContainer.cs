// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Agent.Docker;

namespace ClusterManager.Simulation.Docker;

/// <summary>A container on one host: outlives agents and engines, not a removal.</summary>
internal sealed class SimulatedContainer
{
    public required string Id { get; init; }

    public required ContainerRequest Request { get; init; }

    public required ImageBehaviour Behaviour { get; init; }

    public required DateTimeOffset Created { get; init; }

    public ContainerState State { get; set; } = ContainerState.Created;

    public DateTimeOffset? Started { get; set; }

    /// <summary>The same on the one clock that nobody sets.</summary>
    public TimeSpan? BeganAt { get; set; }

    public DateTimeOffset? Finished { get; set; }

    public int ExitCode { get; set; }

    /// <summary>Its last end was told to somebody who reads the events.</summary>
    public bool IsEndTold { get; set; }

    /// <summary>Counts its runs: what was planned for an earlier one is void.</summary>
    public int Run { get; set; }

    public bool IsRunning => State == ContainerState.Running;

    /// <summary>As <c>inspect</c> shows it.</summary>
    public ContainerDetails ToDetails() => new()
    {
        Id = Id, Name = Request.Name, ImageId = Request.Image, Image = Request.Image, Labels = Request.Labels, State = State,
            ExitCode = ExitCode,
        OutOfMemory = false, Error = "", Pid = IsRunning ? 1 : 0, Created = Created, Started = Started, Finished = IsRunning
            ? null : Finished,
        Health = ContainerHealth.None, HealthFailures = 0, HealthLog = [], Tty = false,
        Addresses = IsRunning ? new Dictionary<string, string> { ["cm-default"] = Id } : new Dictionary<string, string>(),
        Ports = IsRunning ? [.. Request.Ports] : [],
    };

    /// <summary>As <c>ps -a</c> shows it.</summary>
    public ContainerSummary ToSummary() => new(Id, Request.Name, Request.Image, State, "", Request.Labels, Created);
}
