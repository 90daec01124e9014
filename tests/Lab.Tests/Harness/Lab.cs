// SPDX-License-Identifier: Apache-2.0
namespace ClusterManager.Lab.Tests.Harness;

/// <summary>A lab of hosts, driven by scripts/lab.sh as a person would.</summary>
public sealed class Lab
{
    private static readonly TimeSpan CommandDeadline = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan PowerDeadline = TimeSpan.FromMinutes(4);
    private readonly Dictionary<string, string> _environment;

    /// <summary>A lab with names of its own; nothing is started yet.</summary>
    /// <param name="number">0 to 10, one for each lab of this project.</param>
    public Lab(int number)
    {
        // Two checkouts can run their labs side by side with different CLUSTER_TEST_LABS, 0 to 9.
        var run = int.TryParse(Environment.GetEnvironmentVariable("CLUSTER_TEST_LABS"), out var given) ? given : 0;
        Directory = $"/var/lib/cluster-lab-test{run}{number}";
        Prefix = $"cmt{run}{number}";
        Net = $"10.{190 + run}.{number}";
        _environment = new Dictionary<string, string>
        {
            ["CLUSTER_LAB_DIR"] = Directory,
            ["CLUSTER_LAB_PREFIX"] = Prefix,
            ["CLUSTER_LAB_NET"] = Net,
            ["LC_ALL"] = "C.UTF-8",
        };
    }

    /// <summary>The lab's files.</summary>
    public string Directory { get; }

    /// <summary>The first three numbers of all addresses.</summary>
    public string Net { get; }

    /// <summary>Of the names of its network namespaces and control groups.</summary>
    public string Prefix { get; }

    /// <summary>How many hosts it has.</summary>
    public int HostCount { get; private set; }

    /// <summary>How many of them, the first ones, have a manager.</summary>
    public int ManagerCount { get; private set; }

    /// <summary>h1 and so on.</summary>
    public IEnumerable<string> Hosts => Enumerable.Range(1, HostCount).Select(number => $"h{number}");

    /// <summary>The hosts with a manager.</summary>
    public IEnumerable<string> Managers => Hosts.Take(ManagerCount);

    /// <summary>The address of a host.</summary>
    public string AddressOf(string host) => $"{Net}.{10 + int.Parse(host[1..])}";

    /// <summary>The data folder of a host's programs.</summary>
    public string DataOf(string host) => Path.Combine(Directory, host, "cluster");

    /// <summary>Removes what an earlier run left, then starts the hosts.</summary>
    /// <param name="hosts">How many.</param>
    /// <param name="options">Further options of <c>up</c>.</param>
    public async Task UpAsync(int hosts, params string[] options)
    {
        HostCount = hosts;
        var managers = Array.IndexOf(options, "--managers");
        ManagerCount = managers < 0 ? 1 : int.Parse(options[managers + 1]);
        var programs = await Programs.DirectoryAsync();
        string[] up = ["up", $"{hosts}", "--bin", programs, .. options];
        await DownAsync();
        var first = await ScriptAsync(PowerDeadline, up);
        if (first.ExitCode == 0) return;
        // A lab that does not come up fails every test of its collection: it has a second try, as a single test has.
        Console.Error.WriteLine($"once more: lab.sh {string.Join(' ', up)}\n{first}");
        await DownAsync();
        (await ScriptAsync(PowerDeadline, up)).Expect(0);
    }

    /// <summary>Removes the lab; no error when there is none.</summary>
    public async Task DownAsync() => (await ScriptAsync(PowerDeadline, "down")).Expect(0);

    /// <summary>One of the verbs that change a host: kill, start, stop, cut, heal.</summary>
    public async Task TellAsync(string verb, string host, params string[] more) =>
        (await ScriptAsync(PowerDeadline, [verb, host, .. more])).Expect(0);

    /// <summary>What runs on which host.</summary>
    public async Task<IReadOnlyList<HostStatus>> StatusAsync() =>
        [.. (await ScriptAsync(CommandDeadline, "status")).Expect(0).Lines.Skip(1).Select(HostStatus.Parse)];

    /// <summary>Runs a command on a host. It fails the test only by not ending.</summary>
    public Task<CommandResult> RunAsync(string host, params string[] command) => RunAsync(CommandDeadline, host, command);

    /// <summary>Runs a command on a host for at most <paramref name="deadline"/>.</summary>
    public Task<CommandResult> RunAsync(TimeSpan deadline, string host, params string[] command) =>
        ScriptAsync(deadline, ["exec", host, .. command]);

    /// <summary>Runs lines of shell on a host; they must succeed.</summary>
    public async Task ShellAsync(string host, string script) => (await RunAsync(host, "sh", "-ec", script)).Expect(0);

    /// <summary>The path of one of the cluster's programs as the hosts run them.</summary>
    public string Program(string name) => Path.Combine(Directory, "bin", name);

    /// <summary>What a program of ours has logged on a host so far.</summary>
    public async Task<string> LogAsync(string host, string name)
    {
        var file = Path.Combine(DataOf(host), "log", $"{name}.log");
        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync();
    }

    /// <summary>Starts a command on a host that runs beside the test.</summary>
    public RunningCommand Start(string host, params string[] command) => StartScript(["exec", host, .. command]);

    /// <summary>Runs <c>cluster …</c> as the operator on h1.</summary>
    /// <param name="line">Its arguments, separated by single spaces.</param>
    public Task<CommandResult> ClusterAsync(string line) => ClusterOnAsync("h1", line);

    /// <summary>Runs <c>cluster …</c> as the operator on any host.</summary>
    public Task<CommandResult> ClusterOnAsync(string host, string line) => RunAsync(host, ["cluster", .. line.Split(' ')]);

    /// <summary>The process id of manager, agent, engine, consul or supervisor; null when it does not run.</summary>
    public async Task<int?> PidAsync(string host, string role)
    {
        var result = await ScriptAsync(CommandDeadline, "pid", host, role);
        return result.ExitCode == 0 ? int.Parse(result.Output) : null;
    }

    /// <summary>SIGKILL to a program of a host.</summary>
    public async Task KillProgramAsync(string host, string role) =>
        await KillAsync(await PidAsync(host, role) ?? throw new InvalidOperationException($"{role} does not run on {host}"));

    /// <summary>A signal to a program of a host: STOP, CONT.</summary>
    public async Task SignalAsync(string host, string role, string signal)
    {
        var pid = await PidAsync(host, role) ?? throw new InvalidOperationException($"{role} does not run on {host}");
        (await LocalAsync("kill", $"-{signal}", $"{pid}")).Expect(0);
    }

    /// <summary>SIGKILL to a process of this machine.</summary>
    public async Task KillAsync(int pid) => (await LocalAsync("kill", "-KILL", $"{pid}")).Expect(0);

    /// <summary>A signal to the lab's registry: STOP, CONT.</summary>
    public async Task SignalRegistryAsync(string signal)
    {
        var pid = (await File.ReadAllTextAsync(Path.Combine(Directory, "registry", "registry.pid"))).Trim();
        (await LocalAsync("kill", $"-{signal}", pid)).Expect(0);
    }

    /// <summary>Where a host's engine listens, as docker's -H takes it.</summary>
    public string EngineOf(string host) => $"unix://{Directory}/{host}/docker.sock";

    /// <summary>Docker on a host's engine.</summary>
    public Task<CommandResult> DockerAsync(string host, params string[] arguments) =>
        LocalAsync("docker", ["-H", EngineOf(host), .. arguments]);

    /// <summary>The containers of a service (<c>stack/service</c>), those that ended included, on the given hosts or on all.</summary>
    public async Task<IReadOnlyList<LabContainer>> ContainersAsync(string service, params string[] hosts)
    {
        var all = (hosts.Length > 0 ? hosts : Hosts).Select(host => ContainersOnAsync(host, $"cluster.service={service}"));
        return [.. (await Task.WhenAll(all)).SelectMany(found => found)];
    }

    /// <summary>The containers of a host that carry a label; none when the host is off.</summary>
    public Task<IReadOnlyList<LabContainer>> ContainersOnAsync(string host, string label) =>
        EngineSocket.ContainersAsync(host, $"{Directory}/{host}/docker.sock", label);

    /// <summary>Where the service's replicas answer, as the resolver of a host says; empty for a name without any.</summary>
    public async Task<IReadOnlyList<Endpoint>> ResolveAsync(string name, string host = "h1")
    {
        var answer = await RunAsync(
            host, "dig", "@127.0.0.1", "-p", "8600", $"{name}.service.consul", "SRV", "+time=2", "+tries=1", "+noall", "+answer",
                "+additional");
        return Endpoint.ParseDig(answer.Output);
    }

    /// <summary>Copies the logs of all hosts, as far as there are any, into TestResults.</summary>
    public async Task KeepLogsAsync(string name)
    {
        var target = Path.Combine(Programs.Results, name);
        System.IO.Directory.CreateDirectory(target);
        foreach (var host in Hosts)
        {
            await LocalAsync("cp", "-rT", Path.Combine(Directory, host, "log"), Path.Combine(target, $"{host}-host"));
            await LocalAsync("cp", "-rT", Path.Combine(DataOf(host), "log"), Path.Combine(target, $"{host}-programs"));
        }
    }

    /// <summary>Runs a program on this machine, outside of the hosts.</summary>
    public Task<CommandResult> LocalAsync(string program, params string[] arguments) => LocalAsync(CommandDeadline, program, arguments);

    private async Task<CommandResult> LocalAsync(TimeSpan deadline, string program, IEnumerable<string> arguments)
    {
        await using var command = RunningCommand.Start(program, arguments, _environment, Programs.Repository);
        return await command.EndAsync(deadline);
    }

    private Task<CommandResult> ScriptAsync(TimeSpan deadline, params string[] arguments) => LocalAsync(deadline, Script, arguments);

    private RunningCommand StartScript(IEnumerable<string> arguments) =>
        RunningCommand.Start(Script, arguments, _environment, Programs.Repository);

    private static string Script => Path.Combine(Programs.Repository, "scripts", "lab.sh");
}
