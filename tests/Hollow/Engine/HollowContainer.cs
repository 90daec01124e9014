// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Agent.Docker;

namespace ClusterManager.Hollow.Engine;

/// <summary>A container that runs nothing. Owned by its engine, under the engine's lock.</summary>
/// <param name="id">The engine's id of it.</param>
/// <param name="request">As it was asked for.</param>
/// <param name="created">When.</param>
internal sealed class HollowContainer(string id, ContainerRequest request, DateTimeOffset created)
{
    private static readonly IReadOnlyDictionary<string, string> NoAddresses = new Dictionary<string, string>();
    private static readonly IReadOnlyDictionary<string, string> OneAddress =
        new Dictionary<string, string> { ["cm-default"] = "172.30.0.2" };

    public string Id => id;

    public ContainerRequest Request => request;

    public bool IsRunning { get; private set; }

    private DateTimeOffset? Started { get; set; }

    private DateTimeOffset? Finished { get; set; }

    private int ExitCode { get; set; }

    public void Start(DateTimeOffset now)
    {
        IsRunning = true;
        Started = now;
        Finished = null;
        ExitCode = 0;
    }

    public void End(DateTimeOffset now, int exitCode)
    {
        IsRunning = false;
        Finished = now;
        ExitCode = exitCode;
    }

    /// <summary>As <c>inspect</c> shows it.</summary>
    public ContainerDetails ToDetails() => new()
    {
        Id = id, Name = request.Name, ImageId = request.Image, Image = request.Image, Labels = request.Labels, State = State,
        ExitCode = ExitCode, OutOfMemory = false, Error = "", Pid = IsRunning ? 1 : 0, Created = created, Started = Started,
        Finished = Finished, Health = ContainerHealth.None, HealthFailures = 0, HealthLog = [], Tty = false,
        Addresses = IsRunning ? OneAddress : NoAddresses, Ports = IsRunning ? [.. request.Ports] : [],
    };

    /// <summary>As <c>ps -a</c> shows it.</summary>
    public ContainerSummary ToSummary() => new(id, request.Name, request.Image, State, "", request.Labels, created);

    private ContainerState State =>
        IsRunning ? ContainerState.Running : Started is null ? ContainerState.Created : ContainerState.Exited;
}
