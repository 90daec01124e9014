// SPDX-License-Identifier: Apache-2.0
using System.CommandLine;

namespace ClusterManager.Cli.Commands;

/// <summary>The flags that describe a service, for <c>run</c> (all of it) and <c>update</c> (changes to it).</summary>
internal sealed class ServiceFlags
{
    private readonly List<Option> _all = [];

    /// <summary>Makes the flags.</summary>
    /// <param name="isUpdate">With the flags that take something away.</param>
    public ServiceFlags(bool isUpdate)
    {
        Replicas = One("--replicas", "Number of replicas, 0 to 10000", "N");
        Mode = One("--mode", "replicated or global (one on each node)", "MODE");
        Environment = Many("--env", "Environment variable; without =VALUE the caller's", "KEY[=VALUE]", "-e");
        EnvironmentFiles = Many("--env-file", "File of environment variables", "FILE");
        Publish = Many("--publish", "8080: a port of its own for each replica; 80:8080: a fixed port of the nodes",
            "[[IP:]HOST:]PORT[/udp]", "-p");
        Volumes = Many("--volume", "Bind (absolute path of the node) or named volume", "SOURCE:TARGET[:ro]", "-v");
        Tmpfs = Many("--tmpfs", "Mount memory at this path", "TARGET[:SIZE]");
        Constraints = Many("--constraint", "Rule for nodes, for example node.labels.disk==ssd", "RULE");
        Labels = Many("--label", "Label of the service", "KEY=VALUE");
        LimitCpu = One("--limit-cpu", "CPU limit in cores", "CORES");
        LimitMemory = One("--limit-memory", "Memory limit", "SIZE");
        ReserveCpu = One("--reserve-cpu", "CPU to set aside", "CORES");
        ReserveMemory = One("--reserve-memory", "Memory to set aside", "SIZE");
        PidsLimit = One("--pids-limit", "Most processes", "N");
        HealthCommand = One("--health-cmd", "Health by a command in the container", "COMMAND");
        HealthHttp = One("--health-http", "Health by HTTP, for example 8080/healthz", "PORT/PATH");
        HealthTcp = One("--health-tcp", "Health by a TCP connection", "PORT");
        HealthInterval = One("--health-interval", "Time between probes", "DURATION");
        HealthTimeout = One("--health-timeout", "Time one probe may take", "DURATION");
        HealthRetries = One("--health-retries", "Failures in a row that make it unhealthy", "N");
        HealthStartPeriod = One("--health-start-period", "Time after the start in which failures do not count", "DURATION");
        NoHealth = Switch("--no-health", "No health check, also when the image has one");
        User = One("--user", "User or user:group", "USER", "-u");
        WorkDirectory = One("--workdir", "Working directory in the container", "PATH", "-w");
        Hostname = One("--hostname", "Host name in the container", "NAME");
        Init = Switch("--init", "Run a small init as process 1");
        ReadOnly = Switch("--read-only", "Mount the root file system read-only");
        CapabilitiesAdded = Many("--cap-add", "Add a Linux capability", "NAME");
        CapabilitiesDropped = Many("--cap-drop", "Drop a Linux capability", "NAME");
        Ulimits = Many("--ulimit", "Process limit", "NAME=SOFT[:HARD]");
        Sysctls = Many("--sysctl", "Kernel parameter of the container", "KEY=VALUE");
        Restart = One("--restart", "no, always, on-failure[:N] or unless-stopped", "POLICY");
        StopSignal = One("--stop-signal", "Signal that ends it", "SIGNAL");
        StopGrace = One("--stop-grace", "Time between the stop signal and the kill", "DURATION");
        ExtraHosts = Many("--add-host", "Line of /etc/hosts", "NAME:ADDRESS");
        Entrypoint = One("--entrypoint", "Replaces the image's entry point (split as a shell does)", "COMMAND");
        Drain = One("--drain", "Time out of discovery before the stop signal", "DURATION");
        _all.AddRange(Update.All);
        _all.AddRange(Track.All);
        if (!isUpdate) return;
        Image = One("--image", "New image", "IMAGE");
        Command = One("--command", "New command (split as a shell does)", "COMMAND");
        EnvironmentRemoved = Many("--env-rm", "Remove an environment variable", "KEY");
        ConstraintsRemoved = Many("--constraint-rm", "Remove a rule", "RULE");
        LabelsRemoved = Many("--label-rm", "Remove a label", "KEY");
        PublishRemoved = Many("--publish-rm", "Do not publish this port of the container any more", "PORT[/udp]");
    }

    public Option<string[]> CapabilitiesAdded { get; }
    public Option<string[]> CapabilitiesDropped { get; }
    public Option<string?>? Command { get; }
    public Option<string[]> Constraints { get; }
    public Option<string[]>? ConstraintsRemoved { get; }
    public Option<string?> Drain { get; }
    public Option<string?> Entrypoint { get; }
    public Option<string[]> Environment { get; }
    public Option<string[]> EnvironmentFiles { get; }
    public Option<string[]>? EnvironmentRemoved { get; }
    public Option<string[]> ExtraHosts { get; }
    public Option<string?> HealthCommand { get; }
    public Option<string?> HealthHttp { get; }
    public Option<string?> HealthInterval { get; }
    public Option<string?> HealthRetries { get; }
    public Option<string?> HealthStartPeriod { get; }
    public Option<string?> HealthTcp { get; }
    public Option<string?> HealthTimeout { get; }
    public Option<string?> Hostname { get; }
    public Option<string?>? Image { get; }
    public Option<bool> Init { get; }
    public Option<string[]> Labels { get; }
    public Option<string[]>? LabelsRemoved { get; }
    public Option<string?> LimitCpu { get; }
    public Option<string?> LimitMemory { get; }
    public Option<string?> Mode { get; }
    public Option<bool> NoHealth { get; }
    public Option<string?> PidsLimit { get; }
    public Option<string[]> Publish { get; }
    public Option<string[]>? PublishRemoved { get; }
    public Option<bool> ReadOnly { get; }
    public Option<string?> Replicas { get; }
    public Option<string?> ReserveCpu { get; }
    public Option<string?> ReserveMemory { get; }
    public Option<string?> Restart { get; }
    public Option<string?> StopGrace { get; }
    public Option<string?> StopSignal { get; }
    public Option<string[]> Sysctls { get; }
    public Option<string[]> Tmpfs { get; }
    public Option<string[]> Ulimits { get; }
    public TrackFlags Track { get; } = new();
    public UpdateFlags Update { get; } = new();
    public Option<string?> User { get; }
    public Option<string[]> Volumes { get; }
    public Option<string?> WorkDirectory { get; }

    /// <summary>Adds all of them to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in _all) command.Add(option);
    }

    /// <summary>True when at least one of them was given.</summary>
    public bool AnyGiven(ParseResult parse) => _all.Any(o => parse.GetResult(o) is { Implicit: false });

    /// <summary>True when the number of replicas was given.</summary>
    public bool IsCountGiven(ParseResult parse) => parse.GetResult(Replicas) is { Implicit: false };

    private Option<string?> One(string name, string description, string value, params string[] aliases) =>
        Keep(new Option<string?>(name, aliases) { Description = description, HelpName = value });

    // One value for each flag: "--env A=1 IMAGE" must not take the image too.
    private Option<string[]> Many(string name, string description, string value, params string[] aliases) =>
        Keep(new Option<string[]>(name, aliases)
        {
            Description = description, HelpName = value, AllowMultipleArgumentsPerToken = false, Arity = ArgumentArity.OneOrMore,
        });

    private Option<bool> Switch(string name, string description) => Keep(new Option<bool>(name) { Description = description });

    private Option<T> Keep<T>(Option<T> option)
    {
        _all.Add(option);
        return option;
    }
}
