// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using System.CommandLine;
using System.Globalization;
using ClusterManager.Cli.Compose;
using ClusterManager.Cli.Compose.Sections;
using ClusterManager.Cli.Compose.Values;
using ClusterManager.Cli.Compose.Variables;
using ClusterManager.Cli.Output;
using ClusterManager.Model;

namespace ClusterManager.Cli.Commands;

/// <summary>Applies the flags of a command line to a spec. All wrong flags are told at once.</summary>
internal sealed class FlagReader
{
    private readonly ServiceFlags _flags;
    private readonly ParseResult _parse;
    private readonly CliEnvironment _environment;
    private readonly List<string> _errors = [];
    private ServiceSpec _spec;

    private FlagReader(ServiceFlags flags, ParseResult parse, CliEnvironment environment, ServiceSpec spec) =>
        (_flags, _parse, _environment, _spec) = (flags, parse, environment, spec);

    private ContainerSpec Container
    {
        get => _spec.Container;
        set => _spec = _spec with { Container = value };
    }

    /// <summary>The spec with the flags; lists and maps are added to, everything else is replaced.</summary>
    /// <exception cref="CliException">Flags that are not understood.</exception>
    public static ServiceSpec Apply(ServiceFlags flags, ParseResult parse, CliEnvironment environment, ServiceSpec spec)
    {
        var reader = new FlagReader(flags, parse, environment, spec);
        reader.Service();
        reader.ContainerTexts();
        reader.ContainerLists();
        reader.Variables();
        reader.Mounts();
        reader.Ports();
        reader.Resources();
        reader.Health();
        reader._spec = reader._spec with { Update = flags.Update.Apply(parse, reader._spec.Update, reader._errors) };
        reader._spec = reader._spec with { Track = flags.Track.Apply(parse, reader._spec.Track, reader._errors) };
        if (reader._errors.Count > 0)
            throw new CliException(ExitCode.BadInput, "flags that are not understood") { Details = reader._errors };
        return reader._spec;
    }

    private void Service()
    {
        if (One(_flags.Replicas) is { } replicas) _spec = _spec with { Replicas = Number(_flags.Replicas, replicas, 0, 10_000) };
        if (One(_flags.Mode) is { } mode)
        {
            if (mode is not ("replicated" or "global")) Wrong(_flags.Mode, mode, "replicated or global");
            _spec = _spec with { Mode = mode == "global" ? ServiceMode.Global : ServiceMode.Replicated };
        }

        if (One(_flags.Drain) is { } drain) _spec = _spec with { DrainDelay = Span(_flags.Drain, drain) };
        if (One(_flags.Restart) is { } restart)
            _spec = _spec with { Restart = RestartSection.Parse(restart)
                ?? Wrong(_flags.Restart, restart, RestartSection.Allowed, _spec.Restart) };
        foreach (var text in Many(_flags.ConstraintsRemoved))
            if (Rule(_flags.ConstraintsRemoved!, text) is { } rule) _spec = _spec with { Constraints = _spec.Constraints.Remove(rule) };
        foreach (var text in Many(_flags.Constraints))
            if (Rule(_flags.Constraints, text) is { } rule && !_spec.Constraints.Contains(rule))
                _spec = _spec with { Constraints = _spec.Constraints.Add(rule) };
        var labels = _spec.Labels.RemoveRange(Many(_flags.LabelsRemoved));
        foreach (var text in Many(_flags.Labels)) labels = labels.SetItem(Pair(text).Key, Pair(text).Value ?? "");
        _spec = _spec with { Labels = labels };
    }

    private void ContainerTexts()
    {
        if (One(_flags.Image) is { } image) Container = Container with { Image = image };
        if (One(_flags.Command) is { } command) Container = Container with { Command = Words(_flags.Command!, command) };
        if (One(_flags.Entrypoint) is { } entrypoint) Container = Container with { Entrypoint = Words(_flags.Entrypoint, entrypoint) };
        if (One(_flags.User) is { } user) Container = Container with { User = user };
        if (One(_flags.WorkDirectory) is { } directory) Container = Container with { WorkingDirectory = directory };
        if (One(_flags.Hostname) is { } hostname) Container = Container with { Hostname = hostname };
        if (Switch(_flags.Init) is { } init) Container = Container with { Init = init };
        if (Switch(_flags.ReadOnly) is { } readOnly) Container = Container with { ReadOnly = readOnly };
        if (One(_flags.StopGrace) is { } grace) Container = Container with { StopGracePeriod = Span(_flags.StopGrace, grace) };
        if (One(_flags.StopSignal) is not { } signal) return;
        if (!SignalText.TryParse(signal, out var name)) Wrong(_flags.StopSignal, signal, "a signal like SIGTERM");
        Container = Container with { StopSignal = name };
    }

    private void ContainerLists()
    {
        Container = Container with
        {
            CapabilitiesAdded = Capabilities(Container.CapabilitiesAdded, Many(_flags.CapabilitiesAdded)),
            CapabilitiesDropped = Capabilities(Container.CapabilitiesDropped, Many(_flags.CapabilitiesDropped)),
        };
        foreach (var text in Many(_flags.Sysctls))
            Container = Container with { Sysctls = Container.Sysctls.SetItem(Pair(text).Key, Pair(text).Value ?? "") };
        foreach (var text in Many(_flags.Ulimits))
            if (Ulimit(text) is { } limit)
                Container = Container with { Ulimits = [.. Container.Ulimits.Where(u => u.Name != limit.Name).Append(limit)
                    .OrderBy(u => u.Name, StringComparer.Ordinal)] };
        foreach (var text in Many(_flags.ExtraHosts))
        {
            var at = text.IndexOfAny([':', '=']);
            if (at > 0 && PairsSection.TryHost(text[..at], text[(at + 1)..]) is { } host)
                Container = Container with { ExtraHosts = Container.ExtraHosts.Add(host) };
            else Wrong(_flags.ExtraHosts, text, "NAME:ADDRESS with an IP address or host-gateway");
        }
    }

    private void Variables()
    {
        var environment = Container.Environment.RemoveRange(Many(_flags.EnvironmentRemoved));
        foreach (var file in Many(_flags.EnvironmentFiles)) environment = environment.SetItems(FileVariables(file));
        foreach (var text in Many(_flags.Environment))
        {
            var (key, value) = Pair(text);
            if (EnvironmentSection.CheckName(key) is { } problem) _errors.Add($"{_flags.Environment.Name}: {problem}");
            else if ((value ?? _environment.Variables.GetValueOrDefault(key)) is { } known) environment = environment.SetItem(key, known);
            else Wrong(_flags.Environment, text, "a variable that is set here, or KEY=VALUE");
        }

        Container = Container with { Environment = environment };
    }

    private List<KeyValuePair<string, string>> FileVariables(string file)
    {
        var path = Path.GetFullPath(file, _environment.Directory);
        if (!File.Exists(path))
        {
            Wrong(_flags.EnvironmentFiles, file, "a file that exists");
            return [];
        }

        var pairs = EnvFileParser.Parse(
            File.ReadAllText(path), name => _environment.Variables.GetValueOrDefault(name), _ => { }, (at, message) =>
                _errors.Add($"{file}:{at.Line}: {message}"));
        return [.. pairs.Select(p => new KeyValuePair<string, string>(
            p.Key, p.Value ?? _environment.Variables.GetValueOrDefault(p.Key) ?? ""))];
    }

    private void Mounts()
    {
        foreach (var text in Many(_flags.Volumes))
        {
            if (MountSection.Parse(text, out var error) is { } mount) Replace(mount);
            else _errors.Add($"{_flags.Volumes.Name}: {error}");
        }

        foreach (var text in Many(_flags.Tmpfs))
        {
            var colon = text.IndexOf(':', StringComparison.Ordinal);
            var size = colon < 0 ? "" : text[(colon + 1)..].Replace("size=", "", StringComparison.Ordinal);
            long bytes = 0;
            if (!text.StartsWith('/') || (colon >= 0 && !ByteText.TryParse(size, out bytes)))
                Wrong(_flags.Tmpfs, text, "an absolute path, and :SIZE if wanted");
            Replace(new MountSpec { Kind = MountKind.Tmpfs, Target = colon < 0 ? text : text[..colon], TmpfsSizeBytes = colon < 0 ? null
                : bytes });
        }
    }

    private void Replace(MountSpec mount) =>
        Container = Container with { Mounts = [.. Container.Mounts.Where(m => m.Target != mount.Target), mount] };

    private void Ports()
    {
        foreach (var text in Many(_flags.PublishRemoved))
            if (PortText.TryParse(text, out var gone, out var error))
                _spec = _spec with { Ports = [.. _spec.Ports.Where(
                    p => !gone.Any(g => g.Target == p.Target && g.Protocol == p.Protocol))] };
            else _errors.Add($"{_flags.PublishRemoved!.Name}: {error}");
        foreach (var text in Many(_flags.Publish))
            if (PortText.TryParse(text, out var ports, out var error))
                _spec = _spec with { Ports = [.. _spec.Ports.Where(p => !ports.Any(n => n.Target == p.Target && n.Protocol == p.Protocol)),
                    .. ports] };
            else _errors.Add($"{_flags.Publish.Name}: {error}; understood is {PortText.Allowed}");
    }

    private void Resources()
    {
        var resources = _spec.Resources;
        if (One(_flags.LimitCpu) is { } limitCpu) resources = resources with { CpuLimitNano = Cpu(_flags.LimitCpu, limitCpu) };
        if (One(_flags.ReserveCpu) is { } reserveCpu)
            resources = resources with { CpuReservationNano = Cpu(_flags.ReserveCpu, reserveCpu) };
        if (One(_flags.LimitMemory) is { } limitMemory)
            resources = resources with { MemoryLimitBytes = Bytes(_flags.LimitMemory, limitMemory) };
        if (One(_flags.ReserveMemory) is { } reserveMemory)
            resources = resources with { MemoryReservationBytes = Bytes(_flags.ReserveMemory, reserveMemory) };
        if (One(_flags.PidsLimit) is { } pids) resources = resources with { PidsLimit = Number(_flags.PidsLimit, pids, 1, 4_194_304) };
        _spec = _spec with { Resources = resources };
    }

    private void Health()
    {
        var health = Probe();
        if (Switch(_flags.NoHealth) == true) health = new HealthSpec { Kind = HealthKind.Disabled };
        var isTimed = new[] { _flags.HealthInterval, _flags.HealthTimeout, _flags.HealthRetries, _flags.HealthStartPeriod }.Any(
            o => One(o) is not null);
        if (health is null && isTimed) health = HealthSection.CommandDefault;
        if (health is null) return;
        if (One(_flags.HealthInterval) is { } interval) health = health with { Interval = Span(_flags.HealthInterval, interval) };
        if (One(_flags.HealthTimeout) is { } timeout) health = health with { Timeout = Span(_flags.HealthTimeout, timeout) };
        if (One(_flags.HealthStartPeriod) is { } period) health = health with { StartPeriod = Span(_flags.HealthStartPeriod, period) };
        if (One(_flags.HealthRetries) is { } retries) health = health with { Retries = Number(_flags.HealthRetries, retries, 1, 100) };
        _spec = _spec with { Health = health };
    }

    private HealthSpec? Probe()
    {
        Option<string?>[] kinds = [_flags.HealthCommand, _flags.HealthHttp, _flags.HealthTcp];
        if (kinds.Count(k => One(k) is not null) + (Switch(_flags.NoHealth) == true ? 1 : 0) > 1)
            _errors.Add("only one of --health-cmd, --health-http, --health-tcp and --no-health can judge a service");
        if (One(_flags.HealthCommand) is { } command) return HealthSection.CommandDefault with { Test = ["CMD-SHELL", command] };
        if (One(_flags.HealthHttp) is { } http)
        {
            var slash = http.IndexOf('/', StringComparison.Ordinal);
            var port = slash < 0 ? http : http[..slash];
            if (!PortText.TryPort(port, out var number)) Wrong(_flags.HealthHttp, http, "PORT/PATH, for example 8080/healthz");
            return new HealthSpec { Kind = HealthKind.Http, Port = number, Path = slash < 0 ? "/" : http[slash..] };
        }

        if (One(_flags.HealthTcp) is not { } tcp) return _spec.Health;
        if (!PortText.TryPort(tcp, out var target)) Wrong(_flags.HealthTcp, tcp, "a port");
        return new HealthSpec { Kind = HealthKind.Tcp, Port = target };
    }

    private PlacementConstraint? Rule(Option option, string text)
    {
        if (PlacementConstraint.TryParse(text, out var rule, out var error)) return rule;
        _errors.Add($"{option.Name}: {error}");
        return null;
    }

    private UlimitSpec? Ulimit(string text)
    {
        var (name, value) = Pair(text);
        var parts = (value ?? "").Split(':');
        if (UlimitSection.Names.Contains(name) && parts.Length <= 2
            && long.TryParse(parts[0], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var soft)
            && long.TryParse(parts[^1], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var hard))
            return new UlimitSpec(name, soft, hard);
        Wrong(_flags.Ulimits, text, $"NAME=SOFT[:HARD] with NAME of {string.Join(", ", UlimitSection.Names)}");
        return null;
    }

    private ImmutableArray<string> Words(Option option, string text)
    {
        if (!ShellWords.TrySplit(text, out var words)) Wrong(option, text, "words with closed quotes");
        return words;
    }

    private static ImmutableArray<string> Capabilities(ImmutableArray<string> known, IEnumerable<string> added) =>
        [.. known.Concat(added.Select(a => a.ToUpperInvariant()).Select(a => a.StartsWith("CAP_", StringComparison.Ordinal) ? a[4..] : a))
            .Distinct()];

    private static (string Key, string? Value) Pair(string text)
    {
        var equals = text.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? (text, null) : (text[..equals], text[(equals + 1)..]);
    }

    private int Number(Option option, string text, int min, int max)
    {
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max)
            return number;
        return Wrong(option, text, string.Create(CultureInfo.InvariantCulture, $"a number from {min} to {max}"), min);
    }

    private TimeSpan Span(Option option, string text) => DurationText.TryParse(text, out var span) ? span
        : Wrong(option, text, DurationText.Allowed, span);

    private long Cpu(Option option, string text) => CpuText.TryParse(text, out var nano) ? nano
        : Wrong(option, text, CpuText.Allowed, nano);

    private long Bytes(Option option, string text) => ByteText.TryParse(text, out var bytes) ? bytes
        : Wrong(option, text, ByteText.Allowed, bytes);

    private T Wrong<T>(Option option, string text, string allowed, T otherwise)
    {
        Wrong(option, text, allowed);
        return otherwise;
    }

    private void Wrong(Option option, string text, string allowed) =>
        _errors.Add($"{option.Name}: '{ReadContext.Shown(text)}' is not understood: {allowed} is");

    private string? One(Option<string?>? option) => option is null ? null : _parse.GetValue(option);

    private string[] Many(Option<string[]>? option) => option is null ? [] : _parse.GetValue(option) ?? [];

    private bool? Switch(Option<bool> option) => _parse.GetResult(option) is { Implicit: false } ? _parse.GetValue(option) : null;
}
