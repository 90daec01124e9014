// SPDX-License-Identifier: Apache-2.0
using System.Globalization;
using System.Runtime.CompilerServices;
using ClusterManager.Agent.Allocations;
using ClusterManager.Agent.Docker;
using ClusterManager.Simulation.Core;
using ClusterManager.Simulation.Workload;

namespace ClusterManager.Simulation.Docker;

/// <summary>
/// A container engine in virtual time. What it was asked to do it does though the asker dies; an answer may be lost; while it is down or
/// hung
/// nothing is answered. Containers, images and networks survive its restart; whether processes do is decided by live-restore.
/// </summary>
internal sealed partial class SimulatedEngine : IContainerEngine
{
    private const string ForeignId = "foreign";
    private static readonly TimeSpan CallDeadline = TimeSpan.FromSeconds(30);
    private readonly Timeline _timeline;
    private readonly SeededStream _chance;
    private readonly Func<FaultMix> _mix;
    private readonly string _host;
    private readonly Action<string> _tell;
    private readonly SortedDictionary<string, SimulatedContainer> _containers = new(StringComparer.Ordinal);
    private readonly SortedSet<string> _images = new(StringComparer.Ordinal);
    private readonly List<SimulatedEventReader> _readers = [];
    private readonly List<(SimulatedContainer Container, WaitCondition Condition, TaskCompletionSource<ContainerExit> Ended)> _waits = [];
    private int _created;
    private int _life;
    private bool _hasNetwork;
    private bool _isHung;

    public SimulatedEngine(Timeline timeline, ulong seed, string host, Func<FaultMix> mix, Action<string> tell)
    {
        _timeline = timeline;
        _host = host;
        _mix = mix;
        _tell = tell;
        _chance = new SeededStream(seed, $"engine/{host}");
        HasLiveRestore = _chance.Chance(0.5);
        _containers[ForeignId] = new SimulatedContainer
        {
            Id = ForeignId, Request = new ContainerRequest { Name = "somebody-elses", Image = "registry.test/other:good-0" },
            Behaviour = ImageBehaviour.Good, Created = VirtualTime.Epoch, State = ContainerState.Exited,
        };
    }

    /// <summary>How far the host's wall clock is off.</summary>
    public Func<TimeSpan> WallSkew { get; set; } = static () => TimeSpan.Zero;

    /// <summary>What a reference means in its registry now.</summary>
    public Func<string, string> TargetOf { get; init; } = static reference => reference;

    /// <summary>Counts.</summary>
    public FaultCounts Faults { get; init; } = new();

    /// <summary>Containers outlive a restart of the engine.</summary>
    public bool HasLiveRestore { get; set; }

    /// <summary>How often it was upgraded.</summary>
    public int Upgrades { get; set; }

    /// <summary>It answers.</summary>
    public bool IsUp { get; private set; } = true;

    /// <summary>It takes calls and answers none.</summary>
    public bool IsHung
    {
        get => _isHung;
        set
        {
            if (value != _isHung) TroubleAt = _timeline.Now;
            _isHung = value;
        }
    }

    /// <summary>Until then somebody may wait for an answer that does not come.</summary>
    public TimeSpan OwesUntil { get; private set; }

    /// <summary>When it last did not answer as it should.</summary>
    public TimeSpan? TroubleAt { get; private set; }

    /// <summary>All containers but the one that somebody else made.</summary>
    public IEnumerable<SimulatedContainer> Containers => _containers.Values.Where(container => container.Id != ForeignId);

    /// <summary>Told when a container's process begins or ends.</summary>
    public Action<SimulatedContainer, bool> OnProcess { get; set; } = static (_, _) => { };

    /// <summary>Told before an agent's call stops (with a grace) or removes a running container.</summary>
    public Action<SimulatedContainer, TimeSpan?> OnAskedToEnd { get; set; } = static (_, _) => { };

    /// <summary>The container that somebody else made here is still there, as it was.</summary>
    public bool HasForeign => _containers.TryGetValue(ForeignId, out var foreign) && foreign.Run == 0;

    /// <summary>The image is there.</summary>
    public void HaveImage(string reference) => _images.Add(reference);

    /// <summary>Whether it is.</summary>
    public bool HasImage(string reference) => _images.Contains(reference);

    /// <summary>The engine ends; with it its containers, unless it keeps them.</summary>
    /// <param name="isPowerCut">The machine ends: no container survives.</param>
    public void Down(bool isPowerCut)
    {
        IsUp = false;
        _life++;
        TroubleAt = _timeline.Now;
        if (isPowerCut || !HasLiveRestore)
            foreach (var container in _containers.Values)
                End(container, isPowerCut || container.Behaviour == ImageBehaviour.Stubborn ? 137 : 0, isSilent: true);
        foreach (var reader in _readers.ToArray()) reader.Break();
        _readers.Clear();
        foreach (var (_, _, ended) in _waits.ToArray())
            ended.TrySetException(new DockerException(DockerErrorKind.EngineUnavailable, "the connection broke"));
        _waits.Clear();
        _past.Clear();
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
        if (_containers.Count == 1 || !IsUp) return false;
        var container = _containers.Values.Where(one => one.Id != ForeignId).ElementAt(which % (_containers.Count - 1));
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

    // Carried out by the engine's own time: the asker may be dead by then. The answer takes a while, or never comes.
    private Task<T> CallAsync<T>(Func<T> carryOut, CancellationToken cancellationToken, TimeSpan? took = null,
        [CallerMemberName] string call = "")
    {
        var answer = new TaskCompletionSource<T>();
        if (cancellationToken.IsCancellationRequested) return Task.FromCanceled<T>(cancellationToken);
        var registration = cancellationToken.Register(() => answer.TrySetCanceled(cancellationToken));
        var life = _life;
        var isLost = Faults.CountIf("engine's answer lost", _chance.Chance(_mix().EngineTrouble));
        var isRefused = Faults.CountIf("engine refuses", !isLost && _chance.Chance(_mix().EngineTrouble));
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

        void Fail(DockerErrorKind kind, TimeSpan after)
        {
            OwesUntil = TimeSpan.FromTicks(Math.Max(OwesUntil.Ticks, (_timeline.Now + after).Ticks));
            _timeline.After(after, () => Complete(() => answer.TrySetException(new DockerException(kind, $"{call}: {kind}"))));
        }

        void Complete(Action complete)
        {
            registration.Dispose();
            complete();
        }
    }

    internal static bool Matches(IReadOnlyDictionary<string, string> labels, string label)
    {
        var equals = label.IndexOf('=', StringComparison.Ordinal);
        return labels.TryGetValue(equals < 0 ? label : label[..equals], out var value)
            && (equals < 0 || value == label[(equals + 1)..]);
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
        container.Started = WallTime;
        container.BeganAt = _timeline.Now;
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
        if (container.Request.Labels.ContainsKey(ContainerLabels.Hook)) BeginHook(container, run);
    }

    // Its command says how long it takes at most, and how it ends.
    private void BeginHook(SimulatedContainer container, int run)
    {
        var (seconds, exitCode) = container.Request.Command is [var word, ..] ? HookWork.Of(word) : (1, 0);
        _timeline.After(_chance.Between(100, seconds * 1000), () =>
        {
            if (container.Run == run) End(container, exitCode);
        });
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
        container.Finished = WallTime;
        container.Run++;
        _tell($"{container.Request.Name} ends with {exitCode}");
        OnProcess(container, false);
        container.IsEndTold = !isSilent && Announce(container, "die");
        AnswerWaits(container, isGone: false);
    }

    private void Destroy(SimulatedContainer container)
    {
        End(container, 137);
        _containers.Remove(container.Id);
        Announce(container, "destroy");
        AnswerWaits(container, isGone: true);
    }

    private void AnswerWaits(SimulatedContainer container, bool isGone)
    {
        foreach (var wait in _waits.Where(wait => wait.Container == container && (wait.Condition == WaitCondition.Removed) == isGone)
            .ToList())
        {
            _waits.Remove(wait);
            wait.Ended.TrySetResult(new ContainerExit(container.ExitCode, null));
        }
    }

    private DateTimeOffset WallTime => VirtualTime.Epoch + _timeline.Now + WallSkew();
}
