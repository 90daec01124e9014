// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using ClusterManager.Agent.Docker;

namespace ClusterManager.Hollow.Engine;

/// <summary>
/// A container engine without containers: every image is there, and a container "runs" a set time after it was started. Thread-safe.
/// </summary>
/// <param name="name">The machine's name.</param>
/// <param name="startDelay">How long a start takes.</param>
/// <param name="time">The clock.</param>
internal sealed partial class HollowEngine(string name, TimeSpan startDelay, TimeProvider time) : IContainerEngine
{
    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, HollowContainer> _containers = new(StringComparer.Ordinal);
    private readonly List<HollowEventReader> _readers = [];
    private int _created;

    /// <summary>Told of each container that has begun to run, on the starting task; must not block.</summary>
    public Action<ContainerRequest> OnStarted { get; set; } = static _ => { };

    /// <summary>How many containers run.</summary>
    public int RunningCount
    {
        get
        {
            lock (_lock) return _containers.Values.Count(container => container.IsRunning);
        }
    }

    /// <summary>Ends one running container with exit code 1, as a crash would. False: none runs.</summary>
    public bool Crash(Random random)
    {
        ArgumentNullException.ThrowIfNull(random);
        lock (_lock)
        {
            var running = _containers.Values.Where(container => container.IsRunning).ToList();
            if (running.Count == 0) return false;
            EndNeedsLock(running[random.Next(running.Count)], 1);
            return true;
        }
    }

    public Task PingAsync(TimeSpan limit, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<EngineInfo> GetInfoAsync(CancellationToken cancellationToken) => Task.FromResult(new EngineInfo
    {
        Id = name, Name = name, ServerVersion = "26.1.5", ApiVersion = "1.45", Cpus = 64, MemoryBytes = 256L << 30, OsType = "linux",
        OperatingSystem = "hollow", Architecture = "x86_64", KernelVersion = "6.1", CgroupVersion = "2", StorageDriver = "overlay2",
        LiveRestore = true, SecurityOptions = [], DataRoot = "/", ContainersRunning = RunningCount,
    });

    public Task<PullResult> PullImageAsync(
        string reference, RegistryCredential? credential, IProgress<PullProgress>? progress, CancellationToken cancellationToken) =>
        Task.FromResult(new PullResult(reference, null));

    public Task RemoveImageAsync(string reference, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<ImageDetails> InspectImageAsync(string reference, CancellationToken cancellationToken) => Task.FromResult(new ImageDetails
    {
        Id = reference, Tags = [], RepoDigests = [], Architecture = "amd64", Os = "linux", SizeBytes = 1, ExposedPorts = [],
        Labels = new Dictionary<string, string>(),
    });

    public Task<string> ResolveDigestAsync(string reference, RegistryCredential? credential, CancellationToken cancellationToken) =>
        Task.FromResult($"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(reference)))}");

    public Task<ContainerCreated> CreateContainerAsync(ContainerRequest request, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            if (_containers.Values.Any(container => container.Request.Name == request.Name))
                throw new DockerException(DockerErrorKind.NameTaken, $"the name {request.Name} is taken");
            var id = string.Create(CultureInfo.InvariantCulture, $"{name}-{++_created:000000}");
            var created = new HollowContainer(id, request, time.GetUtcNow());
            _containers[id] = created;
            AnnounceNeedsLock(created, "create");
            return Task.FromResult(new ContainerCreated(id, []));
        }
    }

    public async Task StartContainerAsync(string nameOrId, CancellationToken cancellationToken)
    {
        if (startDelay > TimeSpan.Zero) await Task.Delay(startDelay, time, cancellationToken);
        HollowContainer container;
        lock (_lock)
        {
            container = FindNeedsLock(nameOrId);
            if (container.IsRunning) return;
            container.Start(time.GetUtcNow());
            AnnounceNeedsLock(container, "start");
        }

        OnStarted(container.Request);
    }

    public Task<ContainerDetails> InspectContainerAsync(string nameOrId, CancellationToken cancellationToken)
    {
        lock (_lock) return Task.FromResult(FindNeedsLock(nameOrId).ToDetails());
    }

    public Task<IReadOnlyList<ContainerSummary>> ListContainersAsync(IReadOnlyList<string> labels, CancellationToken cancellationToken)
    {
        lock (_lock)
            return Task.FromResult<IReadOnlyList<ContainerSummary>>([.. _containers.Values.Reverse().Select(c => c.ToSummary())]);
    }

    public Task StopContainerAsync(string nameOrId, TimeSpan grace, CancellationToken cancellationToken)
    {
        lock (_lock) EndNeedsLock(FindNeedsLock(nameOrId), 0);
        return Task.CompletedTask;
    }

    public Task RemoveContainerAsync(string nameOrId, bool force, bool removeAnonymousVolumes, CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            var container = FindNeedsLock(nameOrId);
            if (container.IsRunning && !force) throw new DockerException(DockerErrorKind.Conflict, "it runs");
            EndNeedsLock(container, 137);
            _containers.Remove(container.Id);
            AnnounceNeedsLock(container, "destroy");
            return Task.CompletedTask;
        }
    }

    public Task<IEngineEventReader> OpenEventsAsync(
        long? sinceUnixNanoseconds, EngineEventFilter filter, CancellationToken cancellationToken)
    {
        var reader = new HollowEventReader(Close);
        lock (_lock) _readers.Add(reader);
        return Task.FromResult<IEngineEventReader>(reader);
    }

    private void Close(HollowEventReader reader)
    {
        lock (_lock) _readers.Remove(reader);
    }

    private HollowContainer FindNeedsLock(string nameOrId) =>
        _containers.GetValueOrDefault(nameOrId) ?? _containers.Values.FirstOrDefault(container => container.Request.Name == nameOrId)
        ?? throw new DockerException(DockerErrorKind.NotFound, $"no such container: {nameOrId}");

    private void EndNeedsLock(HollowContainer container, int exitCode)
    {
        if (!container.IsRunning) return;
        container.End(time.GetUtcNow(), exitCode);
        AnnounceNeedsLock(container, "die");
    }

    private void AnnounceNeedsLock(HollowContainer container, string action)
    {
        var happened = new EngineEvent(
            (time.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks * 100, "container", action, container.Id, container.Request.Labels);
        foreach (var reader in _readers) reader.Bring(happened);
    }
}
