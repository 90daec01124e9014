// SPDX-License-Identifier: Apache-2.0
using System.Runtime.CompilerServices;
using ClusterManager.Agent.Docker;

namespace ClusterManager.Agent.Tests.Simulated;

/// <summary>
/// A Docker Engine in memory, as far as the agent uses one. What it believes about Docker is held to the truth by the lab.
/// </summary>
internal sealed class SimulatedEngine(VirtualTime time) : IContainerEngine
{
    private readonly List<SimulatedEventReader> _readers = [];
    private readonly List<(DockerErrorKind Kind, string Message, string Call)> _failures = [];
    private long _eventNumber;
    private int _nextId;

    public List<SimulatedContainer> Containers { get; } = [];

    /// <summary>The passwords that pulls and look-ups showed, in order; empty: none.</summary>
    public List<string> Shown { get; } = [];

    /// <summary>Images on the node.</summary>
    public HashSet<string> Images { get; } = [];

    /// <summary>Images in the registry; a pull of anything else finds nothing.</summary>
    public HashSet<string> Registry { get; } = [];

    /// <summary>Every change that was asked for: time, call, container's name.</summary>
    public List<string> Journal { get; } = [];

    /// <summary>A container that is started ends at once with this code; null: it runs.</summary>
    public Func<SimulatedContainer, int?> ExitAtStart { get; set; } = _ => null;

    /// <summary>How long the process takes to end after its stop signal.</summary>
    public TimeSpan StopTakes { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How long a pull takes.</summary>
    public TimeSpan PullTakes { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>When a pull says that it moves.</summary>
    public IReadOnlyList<TimeSpan> PullTells { get; set; } = [];

    public HashSet<int> TakenPorts { get; } = [];

    public int PullsAtOnceMax { get; private set; }

    public bool IsUp { get; private set; } = true;

    /// <summary>True: it answers nothing, and breaks no connection. Only the sign of life and the list believe it so far.</summary>
    public bool Hangs { get; set; }

    private int _pulls;

    public SimulatedContainer? Find(string nameOrId) => Containers.FirstOrDefault(c => c.Id == nameOrId || c.Request.Name == nameOrId);

    /// <summary>The next call of this name fails.</summary>
    public void FailNext(string call, DockerErrorKind kind, string message = "simulated") => _failures.Add((kind, message, call));

    /// <summary>The engine ends: every connection breaks. Containers live on when asked to.</summary>
    public void GoDown(bool keepsContainers = true)
    {
        IsUp = false;
        foreach (var reader in _readers.ToArray()) reader.Break();
        _readers.Clear();
        if (keepsContainers) return;
        foreach (var container in Containers.Where(c => c.IsRunning)) End(container, 137);
    }

    public void ComeUp() => IsUp = true;

    /// <summary>The process of a container ends by itself.</summary>
    public void Crash(SimulatedContainer container, int exitCode, bool outOfMemory = false)
    {
        container.OutOfMemory = outOfMemory;
        End(container, exitCode);
        Tell("die", container);
    }

    /// <summary>Somebody removes a container by hand.</summary>
    public void RemoveByHand(SimulatedContainer container, bool isTold = true)
    {
        Containers.Remove(container);
        if (isTold) Tell("destroy", container);
    }

    public void SetHealth(SimulatedContainer container, ContainerHealth health)
    {
        container.Health = health;
        Tell($"health_status: {health.ToString().ToLowerInvariant()}", container);
    }

    /// <summary>Adds a container that is there before the agent begins.</summary>
    public SimulatedContainer Add(ContainerRequest request, bool isRunning)
    {
        var container = new SimulatedContainer { Id = $"c{++_nextId}", Request = request, Created = time.GetUtcNow() };
        Containers.Add(container);
        if (!isRunning) return container;
        container.State = ContainerState.Running;
        container.Started = time.GetUtcNow();
        return container;
    }

    public async Task PingAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        Check("ping");
        if (!Hangs) return;
        await Task.Delay(limit, time, cancellationToken);
        throw new DockerException(DockerErrorKind.Timeout, "simulated");
    }

    public Task<EngineInfo> GetInfoAsync(CancellationToken cancellationToken)
    {
        Check("info");
        return Task.FromResult(new EngineInfo
        {
            Id = "e", Name = "host", ServerVersion = "20.10.24", ApiVersion = "1.41", Cpus = 2, MemoryBytes = 1 << 30, OsType = "linux",
            OperatingSystem = "", Architecture = "x86_64", KernelVersion = "6", CgroupVersion = "2", StorageDriver = "overlay2",
            LiveRestore = false, SecurityOptions = [], DataRoot = "/", ContainersRunning = 0,
        });
    }

    public async Task<PullResult> PullImageAsync(
        string reference, RegistryCredential? credential, IProgress<PullProgress>? progress, CancellationToken cancellationToken)
    {
        Check("pull");
        Note("pull", reference);
        Shown.Add(credential?.Password ?? "");
        PullsAtOnceMax = Math.Max(PullsAtOnceMax, ++_pulls);
        try
        {
            var waited = TimeSpan.Zero;
            foreach (var at in PullTells)
            {
                await Task.Delay(at - waited, time, cancellationToken);
                waited = at;
                progress?.Report(new PullProgress("layer", "Downloading", (long)at.TotalSeconds << 20, 100L << 20));
            }

            await Task.Delay(PullTakes - waited, time, cancellationToken);
        }
        finally
        {
            _pulls--;
        }
        Check("pulled");
        if (!Registry.Contains(reference)) throw new DockerException(DockerErrorKind.ImageNotFound, "manifest unknown");
        Images.Add(reference);
        return new PullResult("sha256:image", null);
    }

    public Task<ImageDetails> InspectImageAsync(string reference, CancellationToken cancellationToken)
    {
        Check("image");
        if (!Images.Contains(reference)) throw new DockerException(DockerErrorKind.ImageNotFound, "no such image");
        return Task.FromResult(new ImageDetails
        {
            Id = "sha256:image", Tags = [], RepoDigests = ["registry.lab:5000/web@sha256:d"], Architecture = "amd64", Os = "linux",
            SizeBytes = 1, ExposedPorts = [], Labels = new Dictionary<string, string>(),
        });
    }

    public Task<IReadOnlyList<ImageSummary>> ListImagesAsync(CancellationToken cancellationToken)
    {
        Check("images");
        IReadOnlyList<ImageSummary> all =
        [
            .. Images.Order(StringComparer.Ordinal).Select(name => new ImageSummary(
                IdOf(name), name.Contains('@', StringComparison.Ordinal) ? [] : [name],
                name.Contains('@', StringComparison.Ordinal) ? [name] : [], 1 << 20, time.GetUtcNow())),
        ];
        return Task.FromResult(all);
    }

    public Task RemoveImageAsync(string reference, CancellationToken cancellationToken)
    {
        Check("rmi");
        Note("rmi", reference);
        if (Containers.Any(container => container.Request.Image == reference))
            throw new DockerException(DockerErrorKind.Conflict, "image is being used by a container");
        if (!Images.Remove(reference)) throw new DockerException(DockerErrorKind.ImageNotFound, "no such image");
        Removed(reference);
        return Task.CompletedTask;
    }

    /// <summary>Told of each image that goes.</summary>
    public Action<string> Removed { get; set; } = static _ => { };

    /// <summary>The id of an image.</summary>
    public static string IdOf(string image) => $"sha256:of-{image}";

    public Task<string> ResolveDigestAsync(string reference, RegistryCredential? credential, CancellationToken cancellationToken)
    {
        Check("resolve");
        Shown.Add(credential?.Password ?? "");
        return Registry.Contains(reference)
            ? Task.FromResult("sha256:r") : throw new DockerException(DockerErrorKind.ImageNotFound, "manifest unknown");
    }

    public Task<string> CreateNetworkAsync(NetworkRequest request, CancellationToken cancellationToken) => Task.FromResult(request.Name);

    public Task<NetworkDetails> InspectNetworkAsync(string nameOrId, CancellationToken cancellationToken)
    {
        Check("network");
        return Task.FromResult(new NetworkDetails
        {
            Id = "n", Name = nameOrId, Driver = "bridge", Subnet = "172.30.0.0/16", Labels = new Dictionary<string, string>(),
            Options = new Dictionary<string, string>(),
        });
    }

    public Task<IReadOnlyList<NetworkDetails>> ListNetworksAsync(IReadOnlyList<string> labels, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task RemoveNetworkAsync(string nameOrId, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<VolumeDetails> CreateVolumeAsync(VolumeRequest request, CancellationToken cancellationToken)
    {
        Check("volume");
        Note("volume", request.Name);
        return Task.FromResult(new VolumeDetails(request.Name, request.Driver, "/", request.Labels, time.GetUtcNow()));
    }

    public Task<VolumeDetails> InspectVolumeAsync(string name, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<VolumeDetails>> ListVolumesAsync(IReadOnlyList<string> labels, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task RemoveVolumeAsync(string name, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<ContainerCreated> CreateContainerAsync(ContainerRequest request, CancellationToken cancellationToken)
    {
        Check("create");
        Note("create", request.Name);
        if (Find(request.Name) is not null) throw new DockerException(DockerErrorKind.NameTaken, "name in use");
        if (!Images.Contains(request.Image)) throw new DockerException(DockerErrorKind.ImageNotFound, "no such image");
        return Task.FromResult(new ContainerCreated(Add(request, isRunning: false).Id, []));
    }

    public Task StartContainerAsync(string nameOrId, CancellationToken cancellationToken)
    {
        Check("start");
        var container = Existing(nameOrId);
        Note("start", container.Request.Name);
        if (container.Request.Ports.Any(p => TakenPorts.Contains(p.HostPort)))
            throw new DockerException(DockerErrorKind.PortTaken, "port is already allocated");
        container.State = ContainerState.Running;
        container.Starts++;
        // No two runs of a container have the same start, however little virtual time has passed.
        container.Started = time.GetUtcNow().AddTicks(container.Starts);
        container.OutOfMemory = false;
        Tell("start", container);
        if (ExitAtStart(container) is { } code) Crash(container, code);
        return Task.CompletedTask;
    }

    public Task<ContainerDetails> InspectContainerAsync(string nameOrId, CancellationToken cancellationToken)
    {
        Check("inspect");
        return Task.FromResult(Existing(nameOrId).Details());
    }

    public Task<IReadOnlyList<ContainerSummary>> ListContainersAsync(IReadOnlyList<string> labels, CancellationToken cancellationToken)
    {
        Check("list");
        IReadOnlyList<ContainerSummary> found = [.. Containers.Where(c => labels.All(l => Has(c, l))).Select(c => c.Summary())];
        return Task.FromResult(found);
    }

    public async Task StopContainerAsync(string nameOrId, TimeSpan grace, CancellationToken cancellationToken)
    {
        Check("stop");
        var container = Existing(nameOrId);
        Note("stop", container.Request.Name);
        var killed = StopTakes > grace;
        await Task.Delay(killed ? grace : StopTakes, time, cancellationToken);
        Check("stopped");
        if (container.IsRunning) Crash(container, killed ? 137 : 143);
    }

    public Task KillContainerAsync(string nameOrId, string signal, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task RemoveContainerAsync(string nameOrId, bool force, bool removeAnonymousVolumes, CancellationToken cancellationToken)
    {
        Check("remove");
        var container = Existing(nameOrId);
        Note("remove", container.Request.Name);
        if (container.IsRunning) Crash(container, 137);
        Containers.Remove(container);
        Tell("destroy", container);
        return Task.CompletedTask;
    }

    public Task<ContainerExit> WaitContainerAsync(
        string nameOrId, WaitCondition condition, Action? armed, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public async IAsyncEnumerable<LogLine> ReadLogsAsync(
        string nameOrId, LogRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        Check("logs");
        for (var i = 1; i <= 3; i++)
        {
            if (request.SinceUnixNanoseconds > i) continue;
            yield return new LogLine(i, LogStream.Stdout, $"{Existing(nameOrId).Request.Name} line {i}");
        }
        if (request.Follow) await Task.Delay(TimeSpan.FromHours(1), time, cancellationToken);
    }

    public Task<ContainerUsage> GetUsageAsync(string nameOrId, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IEngineEventReader> OpenEventsAsync(long? sinceUnixNanoseconds, EngineEventFilter filter,
        CancellationToken cancellationToken)
    {
        Check("events");
        var reader = new SimulatedEventReader();
        _readers.Add(reader);
        return Task.FromResult<IEngineEventReader>(reader);
    }

    private SimulatedContainer Existing(string nameOrId) =>
        Find(nameOrId) ?? throw new DockerException(DockerErrorKind.NotFound, $"no such container: {nameOrId}");

    private void End(SimulatedContainer container, int exitCode)
    {
        container.State = ContainerState.Exited;
        container.ExitCode = exitCode;
        container.Finished = time.GetUtcNow().AddTicks(container.Starts);
    }

    private void Tell(string action, SimulatedContainer container)
    {
        var happened = new EngineEvent(++_eventNumber, "container", action, container.Id, container.Request.Labels);
        foreach (var reader in _readers) reader.Add(happened);
    }

    private void Note(string call, string what) => Journal.Add($"{call} {what}");

    private void Check(string call)
    {
        if (!IsUp) throw new DockerException(DockerErrorKind.EngineUnavailable, "nobody answers at the socket");
        var index = _failures.FindIndex(f => f.Call == call);
        if (index < 0) return;
        var (kind, message, _) = _failures[index];
        _failures.RemoveAt(index);
        throw new DockerException(kind, message);
    }

    private static bool Has(SimulatedContainer container, string label)
    {
        var at = label.IndexOf('=', StringComparison.Ordinal);
        return container.Request.Labels.TryGetValue(label[..at], out var value) && value == label[(at + 1)..];
    }
}
