// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Runtime.CompilerServices;
using ClusterManager.Agent.Docker;
using ClusterManager.Simulation.Core;

namespace ClusterManager.Simulation.Docker;

/// <summary>
/// A container engine in virtual time. What it was asked to do it does though the asker dies; an answer may be lost; while it is down or
/// hung
/// nothing is answered. Containers, images and networks survive its restart; whether processes do is decided by live-restore.
/// </summary>
internal sealed class SimulatedEngine : IContainerEngine
{
    private static readonly TimeSpan CallDeadline = TimeSpan.FromSeconds(30);
    private readonly Timeline _timeline;
    private readonly SeededStream _chance;
    private readonly Func<FaultMix> _mix;
    private readonly string _host;
    private readonly Action<string> _tell;
    private readonly SortedDictionary<string, SimulatedContainer> _containers = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _images = new(StringComparer.Ordinal);
    private readonly List<SimulatedEventReader> _readers = [];
    private int _created;
    private int _life;
    private bool _hasNetwork;

    public SimulatedEngine(Timeline timeline, ulong seed, string host, Func<FaultMix> mix, Action<string> tell)
    {
        _timeline = timeline;
        _host = host;
        _mix = mix;
        _tell = tell;
        _chance = new SeededStream(seed, $"engine/{host}");
        HasLiveRestore = _chance.Chance(0.5);
    }

    /// <summary>Containers outlive a restart of the engine.</summary>
    public bool HasLiveRestore { get; }

    /// <summary>It answers.</summary>
    public bool IsUp { get; private set; } = true;

    /// <summary>It takes calls and answers none.</summary>
    public bool IsHung { get; set; }

    /// <summary>When it last did not answer as it should.</summary>
    public TimeSpan? TroubleAt { get; private set; }

    /// <summary>All containers.</summary>
    public IEnumerable<SimulatedContainer> Containers => _containers.Values;

    /// <summary>Told when a container's process begins or ends.</summary>
    public Action<SimulatedContainer, bool> OnProcess { get; set; } = static (_, _) => { };

    /// <summary>Told before an agent's call stops or removes a running container.</summary>
    public Action<SimulatedContainer> OnAskedToEnd { get; set; } = static _ => { };

    /// <summary>The engine ends; with it its containers, unless it keeps them.</summary>
    /// <param name="isPowerCut">The machine ends: no container survives.</param>
    public void Down(bool isPowerCut)
    {
        IsUp = false;
        _life++;
        TroubleAt = _timeline.Now;
        if (isPowerCut || !HasLiveRestore)
            foreach (var container in _containers.Values) End(container, 137, isSilent: true);
        foreach (var reader in _readers.ToArray()) reader.Break();
        _readers.Clear();
    }

    /// <summary>The engine begins.</summary>
    public void Up()
    {
        IsUp = true;
        TroubleAt = _timeline.Now;
    }

    /// <summary>Somebody removes a container by hand.</summary>
    public bool RemoveByHand(int which)
    {
        if (_containers.Count == 0 || !IsUp) return false;
        var container = _containers.Values.ElementAt(which % _containers.Count);
        _tell($"somebody removes {container.Request.Name} by hand");
        Destroy(container);
        return true;
    }

    /// <summary>Somebody kills a container's process by hand.</summary>
    public bool KillByHand(int which)
    {
        var running = _containers.Values.Where(container => container.IsRunning).ToList();
        if (running.Count == 0 || !IsUp) return false;
        var container = running[which % running.Count];
        _tell($"{container.Request.Name} is killed by hand");
        End(container, 137);
        return true;
    }

    public Task<EngineInfo> GetInfoAsync(CancellationToken cancellationToken) => CallAsync(() => new EngineInfo
    {
        Id = _host, Name = _host, ServerVersion = "26.1.5", ApiVersion = "1.45", Cpus = 4, MemoryBytes = 8L << 30, OsType = "linux",
        OperatingSystem = "simulated", Architecture = "x86_64", KernelVersion = "6.1", CgroupVersion = "2", StorageDriver = "overlay2",
        LiveRestore = HasLiveRestore, SecurityOptions = [], DataRoot = "/", ContainersRunning = _containers.Values.Count(c => c.IsRunning),
    }, cancellationToken);

    public async Task<PullResult> PullImageAsync(
        string reference, RegistryCredential? credential, IProgress<PullProgress>? progress, CancellationToken cancellationToken)
    {
        var behaviour = SimulatedRegistry.BehaviourOf(reference);
        var took = behaviour == ImageBehaviour.SlowPull ? _chance.Between(20_000, 90_000) : _chance.Between(100, 3000);
        return await CallAsync(() =>
        {
            if (behaviour == ImageBehaviour.NoPull) throw new DockerException(DockerErrorKind.RegistryUnreachable,
                "the registry does not answer");
            if (behaviour == ImageBehaviour.Missing) throw new DockerException(DockerErrorKind.ImageNotFound, "manifest unknown");
            _images.Add(reference);
            return new PullResult(reference, null);
        }, cancellationToken, took);
    }

    public Task<ImageDetails> InspectImageAsync(string reference, CancellationToken cancellationToken) => CallAsync(() =>
        _images.Contains(reference)
            ? new ImageDetails
            {
                Id = reference, Tags = [], RepoDigests = [], Architecture = "amd64", Os = "linux", SizeBytes = 1, ExposedPorts = [],
                Labels = new Dictionary<string, string>(),
            }
            : throw new DockerException(DockerErrorKind.ImageNotFound, $"no such image: {reference}"), cancellationToken);

    public Task<string> ResolveDigestAsync(string reference, RegistryCredential? credential, CancellationToken cancellationToken) =>
        CallAsync(() =>
        SimulatedRegistry.BehaviourOf(reference) == ImageBehaviour.Missing
            ? throw new DockerException(DockerErrorKind.ImageNotFound, "manifest unknown")
            : SimulatedRegistry.DigestOf(reference), cancellationToken, _chance.Between(20, 200));

    public Task<string> CreateNetworkAsync(NetworkRequest request, CancellationToken cancellationToken) => CallAsync(() =>
    {
        _hasNetwork = true;
        return request.Name;
    }, cancellationToken);

    public Task<NetworkDetails> InspectNetworkAsync(string nameOrId, CancellationToken cancellationToken) => CallAsync(() => _hasNetwork
        ? new NetworkDetails
        {
            Id = nameOrId, Name = nameOrId, Driver = "bridge", Subnet = "172.30.0.0/16", Gateway = "172.30.0.1",
            Labels = new Dictionary<string, string>(), Options = new Dictionary<string, string>(),
        }
        : throw new DockerException(DockerErrorKind.NotFound, "no such network"), cancellationToken);

    public Task<VolumeDetails> CreateVolumeAsync(VolumeRequest request, CancellationToken cancellationToken) => CallAsync(
        () => new VolumeDetails(request.Name, request.Driver, "/", request.Labels, VirtualTime.Epoch), cancellationToken);

    public Task<ContainerCreated> CreateContainerAsync(ContainerRequest request, CancellationToken cancellationToken) => CallAsync(() =>
    {
        if (_containers.Values.Any(container => container.Request.Name == request.Name))
            throw new DockerException(DockerErrorKind.NameTaken, $"the name {request.Name} is taken");
        if (!_images.Contains(request.Image)) throw new DockerException(DockerErrorKind.ImageNotFound, $"no such image: {request.Image}");
        var id = string.Create(CultureInfo.InvariantCulture, $"{_host}-c{++_created:0000}");
        _containers[id] = new SimulatedContainer
        {
            Id = id, Request = request, Behaviour = SimulatedRegistry.BehaviourOf(request.Image),
                Created = VirtualTime.Epoch + _timeline.Now,
        };
        Announce(_containers[id], "create");
        return new ContainerCreated(id, []);
    }, cancellationToken, _chance.Between(10, 120));

    public Task StartContainerAsync(string nameOrId, CancellationToken cancellationToken) => CallAsync(() =>
    {
        var container = Find(nameOrId);
        if (container.IsRunning) return true;
        if (container.Behaviour == ImageBehaviour.NoStart) throw new DockerException(DockerErrorKind.InvalidConfiguration,
            "exec: \"x\": executable file not found in $PATH");
        if (TakenPort(container) is { } port) throw new DockerException(DockerErrorKind.PortTaken, $"port {port} is allocated");
        Begin(container);
        return true;
    }, cancellationToken, _chance.Between(30, 300));

    public Task<ContainerDetails> InspectContainerAsync(string nameOrId, CancellationToken cancellationToken) =>
        CallAsync(() => Find(nameOrId).ToDetails(), cancellationToken);

    public Task<IReadOnlyList<ContainerSummary>> ListContainersAsync(IReadOnlyList<string> labels, CancellationToken cancellationToken) =>
        CallAsync<IReadOnlyList<ContainerSummary>>(() => [.. _containers.Values.Reverse().Select(container => container.ToSummary())],
            cancellationToken);

    public async Task StopContainerAsync(string nameOrId, TimeSpan grace, CancellationToken cancellationToken)
    {
        var ended = new TaskCompletionSource();
        await CallAsync(() =>
        {
            var container = Find(nameOrId);
            if (!container.IsRunning)
            {
                ended.TrySetResult();
                return true;
            }

            OnAskedToEnd(container);
            var run = container.Run;
            var isObedient = container.Behaviour != ImageBehaviour.Stubborn && !_chance.Chance(0.02);
            var life = _life;
            _timeline.After(isObedient ? _chance.Between(20, 1500) : grace, () =>
            {
                if (life != _life && !HasLiveRestore) return;
                if (container.Run == run) End(container, isObedient ? 0 : 137);
                ended.TrySetResult();
            });
            return true;
        }, cancellationToken);
        var lifeNow = _life;
        _timeline.After(grace + TimeSpan.FromSeconds(10), () => ended.TrySetException(new DockerException(DockerErrorKind.Timeout,
            "no answer")));
        await using var cancelled = cancellationToken.Register(() => ended.TrySetCanceled(cancellationToken));
        await ended.Task;
        if (lifeNow != _life) throw new DockerException(DockerErrorKind.EngineUnavailable, "the connection broke");
    }

    public Task RemoveContainerAsync(string nameOrId, bool force, bool removeAnonymousVolumes, CancellationToken cancellationToken) =>
        CallAsync(() =>
    {
        var container = Find(nameOrId);
        if (container.IsRunning && !force) throw new DockerException(DockerErrorKind.Conflict, "it runs");
        if (container.IsRunning) OnAskedToEnd(container);
        Destroy(container);
        return true;
    }, cancellationToken, _chance.Between(10, 150));

    public async Task<IEngineEventReader> OpenEventsAsync(long? sinceUnixNanoseconds, EngineEventFilter filter,
        CancellationToken cancellationToken) =>
        await CallAsync(() =>
        {
            var reader = new SimulatedEventReader();
            _readers.Add(reader);
            return reader;
        }, cancellationToken);

    public Task<IReadOnlyList<ImageSummary>> ListImagesAsync(CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<NetworkDetails>> ListNetworksAsync(IReadOnlyList<string> labels, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task RemoveNetworkAsync(string nameOrId, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<VolumeDetails> InspectVolumeAsync(string name, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task<IReadOnlyList<VolumeDetails>> ListVolumesAsync(IReadOnlyList<string> labels, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task RemoveVolumeAsync(string name, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task KillContainerAsync(string nameOrId, string signal, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<ContainerExit> WaitContainerAsync(string nameOrId, WaitCondition condition, Action? registered,
        CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public IAsyncEnumerable<LogLine> ReadLogsAsync(string nameOrId, LogRequest request, CancellationToken cancellationToken) =>
        throw new NotSupportedException();

    public Task<ContainerUsage> GetUsageAsync(string nameOrId, CancellationToken cancellationToken) => throw new NotSupportedException();

    // Carried out by the engine's own time: the asker may be dead by then. The answer takes a while, or never comes.
    private Task<T> CallAsync<T>(Func<T> carryOut, CancellationToken cancellationToken, TimeSpan? took = null,
        [CallerMemberName] string call = "")
    {
        var answer = new TaskCompletionSource<T>();
        if (cancellationToken.IsCancellationRequested) return Task.FromCanceled<T>(cancellationToken);
        var registration = cancellationToken.Register(() => answer.TrySetCanceled(cancellationToken));
        var life = _life;
        var isLost = _chance.Chance(_mix().EngineTrouble);
        var isRefused = !isLost && _chance.Chance(_mix().EngineTrouble);
        _timeline.After(took ?? _chance.Between(0.5, 8), () => Happen());
        return answer.Task;

        void Happen()
        {
            if (IsHung)
            {
                TroubleAt = _timeline.Now;
                Fail(DockerErrorKind.Timeout, CallDeadline);
                return;
            }

            if (!IsUp || life != _life)
            {
                Fail(DockerErrorKind.EngineUnavailable, TimeSpan.Zero);
                return;
            }

            if (isRefused)
            {
                TroubleAt = _timeline.Now;
                Fail(DockerErrorKind.ServerError, TimeSpan.Zero);
                return;
            }

            Answer();
        }

        void Answer()
        {
            try
            {
                // A caller that gave up has closed its connection: a pull ends then, everything else is carried out.
                if (answer.Task.IsCanceled && call == nameof(PullImageAsync)) return;
                var result = carryOut();
                if (isLost)
                {
                    TroubleAt = _timeline.Now;
                    Fail(DockerErrorKind.Timeout, CallDeadline);
                }
                else _timeline.After(_chance.Between(0.1, 1), () => Complete(() => answer.TrySetResult(result)));
            }
            catch (DockerException error)
            {
                Complete(() => answer.TrySetException(error));
            }
        }

        void Fail(DockerErrorKind kind, TimeSpan after) =>
            _timeline.After(after, () => Complete(() => answer.TrySetException(new DockerException(kind, $"{call}: {kind}"))));

        void Complete(Action complete)
        {
            registration.Dispose();
            complete();
        }
    }

    private SimulatedContainer Find(string nameOrId) =>
        _containers.GetValueOrDefault(nameOrId) ?? _containers.Values.FirstOrDefault(container => container.Request.Name == nameOrId)
        ?? throw new DockerException(DockerErrorKind.NotFound, $"no such container: {nameOrId}");

    private int? TakenPort(SimulatedContainer container)
    {
        foreach (var other in _containers.Values.Where(other => other.IsRunning && other != container))
            foreach (var port in other.Request.Ports)
                if (container.Request.Ports.Any(mine => mine.HostPort == port.HostPort)) return port.HostPort;
        return null;
    }

    private void Begin(SimulatedContainer container)
    {
        container.State = ContainerState.Running;
        container.Started = VirtualTime.Epoch + _timeline.Now;
        container.Finished = null;
        var run = ++container.Run;
        _tell($"{container.Request.Name} starts ({container.Behaviour})");
        OnProcess(container, true);
        Announce(container, "start");
        var life = container.Behaviour switch
        {
            ImageBehaviour.Crash => _chance.Between(50, 2500),
            ImageBehaviour.Shaky => _chance.Exponential(TimeSpan.FromSeconds(60)),
            _ => (TimeSpan?)null,
        };
        if (life is { } span) _timeline.After(span, () => CrashRun(container, run));
    }

    private void CrashRun(SimulatedContainer container, int run)
    {
        if (container.Run != run || !container.IsRunning) return;
        if (container.Behaviour == ImageBehaviour.Shaky && _mix().BadImages == 0) return;
        End(container, 1);
    }

    private void End(SimulatedContainer container, int exitCode, bool isSilent = false)
    {
        if (!container.IsRunning) return;
        container.State = ContainerState.Exited;
        container.ExitCode = exitCode;
        container.Finished = VirtualTime.Epoch + _timeline.Now;
        container.Run++;
        _tell($"{container.Request.Name} ends with {exitCode}");
        OnProcess(container, false);
        if (!isSilent) Announce(container, "die");
    }

    private void Destroy(SimulatedContainer container)
    {
        End(container, 137);
        _containers.Remove(container.Id);
        Announce(container, "destroy");
    }

    private void Announce(SimulatedContainer container, string action)
    {
        if (_chance.Chance(_mix().LostEvents)) return;
        var happened = new EngineEvent((_timeline.Now.Ticks * 100) + 1, "container", action, container.Id, container.Request.Labels);
        foreach (var reader in _readers) _timeline.After(_chance.Between(0.2, 10), () => reader.Bring(happened));
    }
}
