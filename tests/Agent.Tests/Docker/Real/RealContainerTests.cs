// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Agent.Docker;

namespace ClusterManager.Agent.Tests.Docker;

/// <summary>The life of a container on real engines.</summary>
public sealed class RealContainerTests(EnginesFixture engines) : RealEngineTests(engines)
{
    [Theory, MemberData(nameof(Engines))]
    public async Task Info_names_the_machine_and_the_engine(string engine)
    {
        var info = await Client(engine).GetInfoAsync(Deadline);

        Assert.StartsWith(engine == "old" ? "20.10." : "2", info.ServerVersion, StringComparison.Ordinal);
        Assert.Equal("1.41", info.ApiVersion);
        Assert.Equal(Environment.ProcessorCount, info.Cpus);
        Assert.True(info.MemoryBytes > 1_000_000_000);
        Assert.Equal("linux", info.OsType);
        Assert.NotEmpty(info.Architecture);
        Assert.NotEmpty(info.KernelVersion);
        Assert.Contains(info.CgroupVersion, new[] { "1", "2" });
        Assert.NotEmpty(info.SecurityOptions);
        Assert.False(info.LiveRestore);
        Assert.NotEmpty(info.Id);
        Assert.NotEmpty(info.Name);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_wait_registered_before_the_start_sees_the_shortest_run(string engine)
    {
        var client = Client(engine);
        var created = await client.CreateContainerAsync(Script("exit 3"), Deadline);
        var registered = new TaskCompletionSource();

        var wait = client.WaitContainerAsync(created.Id, WaitCondition.NextExit, registered.SetResult, Deadline);
        await registered.Task.WaitAsync(Deadline);
        Assert.False(wait.IsCompleted);
        await client.StartContainerAsync(created.Id, Deadline);

        Assert.Equal(new ContainerExit(3, null), await wait);
        var details = await client.InspectContainerAsync(created.Id, Deadline);
        Assert.Equal(ContainerState.Exited, details.State);
        Assert.Equal(3, details.ExitCode);
        Assert.False(details.OutOfMemory);
        Assert.True(details.Created <= details.Started);
        Assert.True(details.Created <= details.Finished);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_created_container_has_not_started(string engine)
    {
        var created = await Client(engine).CreateContainerAsync(Script("true"), Deadline);

        var details = await Client(engine).InspectContainerAsync(created.Id, Deadline);

        Assert.Equal(ContainerState.Created, details.State);
        Assert.Null(details.Started);
        Assert.Null(details.Finished);
        Assert.Empty(details.Ports);
        Assert.Equal(ContainerHealth.None, details.Health);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Everything_a_request_says_reaches_the_container(string engine)
    {
        var client = Client(engine);
        var network = await client.CreateNetworkAsync(new NetworkRequest { Name = NewName() }, Deadline);
        var volume = NewName();
        var bind = Path.Combine(Path.GetDirectoryName(Engine(engine).Socket)!, volume);
        const string Probe = """
            echo "env $A|$PATH|${UNSET-none}"; echo "id $(id -u):$(id -g)"; echo "dir $(pwd)"; echo "host $(hostname)"
            echo "init $(head -c 17 /proc/1/cmdline | tr '\0' ' ')"; touch /x 2>/dev/null && echo "root writable" || echo "root fixed"
            echo "files $(ulimit -n) $(ulimit -Hn)"; echo "sysctl $(cat /proc/sys/net/ipv4/ip_unprivileged_port_start)"
            grep -q 'CapBnd:.*' /proc/self/status && echo "caps $(grep CapBnd /proc/self/status | cut -f2)"
            echo "hosts $(grep db.test /etc/hosts | cut -f1)"; echo "search $(grep ^search /etc/resolv.conf)"
            echo "options $(grep ^options /etc/resolv.conf)"
            touch /vol/x && echo "vol writable"; touch /ro/x 2>/dev/null || echo "bind read-only"; touch /made/x && echo "made"
            echo "tmpfs $(grep ' /mem ' /proc/mounts | cut -d' ' -f3)"; echo "args $*"
            """;
        var request = new ContainerRequest
        {
            Name = NewName(), Image = RealEngine.Image, Entrypoint = ["sh", "-c", Probe, "sh"], Command = ["one", "two"],
            Environment = new Dictionary<string, string?> { ["A"] = "b=c \"d\"", ["UNSET"] = null },
            Labels = new Dictionary<string, string> { ["cm.test"] = "a b" },
            User = "0:65534", WorkingDirectory = "/tmp", Hostname = "inner", Init = true, ReadOnlyRoot = true,
            CapabilitiesAdded = ["NET_ADMIN"], CapabilitiesDropped = ["ALL"],
            Ulimits = [new ContainerUlimit("nofile", 100, 200)],
            Sysctls = new Dictionary<string, string> { ["net.ipv4.ip_unprivileged_port_start"] = "77" },
            StopSignal = "SIGUSR1", StopTimeout = TimeSpan.FromSeconds(3), ExtraHosts = ["db.test:192.0.2.9"],
            Mounts =
            [
                new ContainerMount.Volume(volume, "/vol"), new ContainerMount.Bind("/etc", "/ro", ReadOnly: true),
                new ContainerMount.Bind(bind, "/made", CreateSource: true), new ContainerMount.Tmpfs("/mem", 1024 * 1024, 0x1C0),
            ],
            Ports = [new PortBinding(new ContainerPort(80), 0, "127.0.0.1"), new PortBinding(new ContainerPort(53, "udp"), 0)],
            Healthcheck = ContainerHealthcheck.None,
            NanoCpus = 500_000_000, CpuShares = 512, MemoryBytes = 64 * 1024 * 1024, MemoryReservationBytes = 32 * 1024 * 1024,
            PidsMax = 50,
            LogDriver = "json-file", LogOptions = new Dictionary<string, string> { ["max-size"] = "1m", ["max-file"] = "2" },
            DnsServers = ["192.0.2.53"], DnsSearch = ["svc.test"], DnsOptions = ["ndots:2"],
            Network = network, NetworkAliases = ["alias"], CgroupParent = $"/cmdk-{Environment.ProcessId}-{engine}",
        };

        var details = await RunAsync(client, request);
        var text = (await LogsAsync(client, details.Id)).Select(line => line.Text).ToList();

        Assert.Equal("a b", details.Labels["cm.test"]);
        Assert.Equal(request.Name, details.Name);
        Assert.Equal(RealEngine.Image, details.Image);
        Assert.Equal(
            [
                "env b=c \"d\"|/bin|none", "id 0:65534", "dir /tmp", "host inner", "init /sbin/docker-init", "root fixed", "files 100 200",
                "sysctl 77", "caps 0000000000001000", "hosts 192.0.2.9", "search search svc.test", "options", "vol writable",
                "bind read-only",
                "made", "tmpfs tmpfs", "args one two",
            ],
            text.Select(line => line.StartsWith("options", StringComparison.Ordinal) ? "options" : line));
        Assert.Contains(text, line => line.Contains("ndots:2", StringComparison.Ordinal));
        Assert.True(File.Exists(Path.Combine(bind, "x")));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_running_container_tells_its_address_and_its_ports(string engine)
    {
        var request = Script("sleep 60") with
        {
            Ports = [new PortBinding(new ContainerPort(80), 8081, "127.0.0.1"), new PortBinding(new ContainerPort(81), 0, "127.0.0.1")],
        };
        var id = await StartAsync(Client(engine), request);

        var details = await Client(engine).InspectContainerAsync(id, Deadline);

        Assert.Equal(ContainerState.Running, details.State);
        Assert.True(details.Pid > 0);
        Assert.StartsWith(Engine(engine).Subnet, details.Addresses["bridge"], StringComparison.Ordinal);
        Assert.Equal(new PortBinding(new ContainerPort(80), 8081, "127.0.0.1"), details.Ports[0]);
        Assert.Equal(81, details.Ports[1].Port.Number);
        Assert.InRange(details.Ports[1].HostPort, 1024, 65535);
        await Client(engine).RemoveContainerAsync(id, force: true, removeAnonymousVolumes: true, Deadline);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_container_that_takes_too_much_memory_is_told_apart(string engine)
    {
        var details = await RunAsync(Client(engine), Script("exec tail /dev/zero") with { MemoryBytes = 16 * 1024 * 1024 });

        Assert.True(details.OutOfMemory);
        Assert.Equal(137, details.ExitCode);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Health_goes_from_starting_to_healthy_to_unhealthy(string engine)
    {
        var client = Client(engine);
        var check = new ContainerHealthcheck
        {
            Test = ["CMD-SHELL", "echo looked; test -e /tmp/ok"], Interval = TimeSpan.FromMilliseconds(300),
            Timeout = TimeSpan.FromSeconds(5), Retries = 2,
        };
        var id = await StartAsync(client, Script("touch /tmp/ok; sleep 2; rm /tmp/ok; sleep 60") with { Healthcheck = check });

        Assert.Equal(ContainerHealth.Starting, (await client.InspectContainerAsync(id, Deadline)).Health);
        var healthy = await UntilAsync(client, id, details => details.Health == ContainerHealth.Healthy);
        var unhealthy = await UntilAsync(client, id, details => details.Health == ContainerHealth.Unhealthy);

        Assert.Equal(0, healthy.HealthFailures);
        Assert.True(unhealthy.HealthFailures >= 2);
        Assert.Equal(1, unhealthy.HealthLog[^1].ExitCode);
        Assert.Equal("looked\n", unhealthy.HealthLog[^1].Output);
        Assert.True(unhealthy.HealthLog[^1].Start <= unhealthy.HealthLog[^1].End);
        await client.RemoveContainerAsync(id, force: true, removeAnonymousVolumes: true, Deadline);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Stop_asks_and_then_kills_and_is_idempotent(string engine)
    {
        var client = Client(engine);
        var polite = await StartAsync(client, Script("trap 'exit 7' TERM; echo ready; while :; do sleep 0.05; done"));
        var stubborn = await StartAsync(client, Script("trap '' TERM; echo ready; while :; do sleep 0.05; done"));
        await WaitForOutputAsync(client, polite);
        await WaitForOutputAsync(client, stubborn);

        await client.StopContainerAsync(polite, TimeSpan.FromSeconds(10), Deadline);
        await client.StopContainerAsync(stubborn, TimeSpan.FromMilliseconds(300), Deadline);
        await client.StopContainerAsync(stubborn, TimeSpan.FromSeconds(1), Deadline);

        Assert.Equal(7, (await client.InspectContainerAsync(polite, Deadline)).ExitCode);
        Assert.Equal(137, (await client.InspectContainerAsync(stubborn, Deadline)).ExitCode);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Kill_sends_the_signal_it_is_told(string engine)
    {
        var client = Client(engine);
        var id = await StartAsync(client, Script("trap 'exit 9' HUP; echo ready; while :; do sleep 0.05; done"));
        await WaitForOutputAsync(client, id);

        await client.KillContainerAsync(id, "SIGHUP", Deadline);

        Assert.Equal(9, (await client.WaitContainerAsync(id, WaitCondition.NotRunning, null, Deadline)).ExitCode);
        await FailsAsync(DockerErrorKind.Conflict, () => client.KillContainerAsync(id, "SIGHUP", Deadline));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_second_start_changes_nothing_and_a_removal_of_what_runs_needs_force(string engine)
    {
        var client = Client(engine);
        var id = await StartAsync(client, Script("sleep 60"));

        await client.StartContainerAsync(id, Deadline);
        await FailsAsync(DockerErrorKind.Conflict, () =>
            client.RemoveContainerAsync(id, force: false, removeAnonymousVolumes: false, Deadline));
        await client.RemoveContainerAsync(id, force: true, removeAnonymousVolumes: true, Deadline);

        await FailsAsync(DockerErrorKind.NotFound, () => client.InspectContainerAsync(id, Deadline));
        await FailsAsync(DockerErrorKind.NotFound, () =>
            client.RemoveContainerAsync(id, force: true, removeAnonymousVolumes: true, Deadline));
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task A_list_holds_what_has_all_labels_running_or_not(string engine)
    {
        var client = Client(engine);
        var mark = NewName();
        var labels = new Dictionary<string, string> { ["cm.mark"] = mark, ["cm.kind"] = "x" };
        var ended = await RunAsync(client, Script("true") with { Labels = labels });
        var running = await StartAsync(client, Script("sleep 60") with { Labels = labels });
        await client.CreateContainerAsync(Script("true") with { Labels = new Dictionary<string, string> { ["cm.mark"] = mark } }, Deadline);

        var list = await client.ListContainersAsync([$"cm.mark={mark}", "cm.kind"], Deadline);

        Assert.Equal([(running, ContainerState.Running), (ended.Id, ContainerState.Exited)], list.Select(item => (item.Id, item.State)));
        Assert.Equal("x", list[0].Labels["cm.kind"]);
        Assert.Equal(ended.Name, list[1].Name);
        Assert.StartsWith("Exited (0)", list[1].StatusText, StringComparison.Ordinal);
        await client.RemoveContainerAsync(running, force: true, removeAnonymousVolumes: true, Deadline);
    }

    [Theory, MemberData(nameof(Engines))]
    public async Task Usage_counts_while_it_runs_and_says_so_when_it_does_not(string engine)
    {
        var client = Client(engine);
        var id = await StartAsync(client,
            Script("i=0; while [ $i -lt 20000 ]; do i=$((i+1)); done; echo ready; sleep 60") with { MemoryBytes = 32 * 1024 * 1024 });
        await WaitForOutputAsync(client, id);

        var usage = await client.GetUsageAsync(id, Deadline);
        await client.StopContainerAsync(id, TimeSpan.Zero, Deadline);
        var ended = await client.GetUsageAsync(id, Deadline);

        Assert.NotNull(usage.Read);
        Assert.True(usage.CpuTime > TimeSpan.FromMilliseconds(1));
        Assert.InRange(usage.MemoryBytes, 1, 32 * 1024 * 1024);
        Assert.Equal(32 * 1024 * 1024, usage.MemoryLimitBytes);
        Assert.InRange(usage.Pids, 1, 10);
        Assert.Null(ended.Read);
        Assert.Equal(TimeSpan.Zero, ended.CpuTime);
    }

    private async Task WaitForOutputAsync(DockerClient client, string id)
    {
        await foreach (var line in client.ReadLogsAsync(id, new LogRequest { Follow = true }, Deadline))
        {
            Assert.Equal("ready", line.Text);
            return;
        }
        Assert.Fail("the container ended without a word");
    }
}
