// SPDX-License-Identifier: Apache-2.0
using System.Collections.Immutable;
using ClusterManager.Model;

namespace ClusterManager.Shared.Tests.Model;

/// <summary>Ports, mounts, health, resources, restarts; and everything wrong at once.</summary>
public sealed class SpecPartsValidatorTests
{
    private static readonly ServiceSpec Web = new()
    {
        Name = ServiceName.Parse("web"), Container = new ContainerSpec { Image = "web:1" },
    };

    private static readonly PortSpec Fixed = new() { Mode = PortMode.Fixed, Target = 80, Published = 8080 };

    public static TheoryData<PortSpec, string?> Ports() => new()
    {
        { Fixed, null },
        { Fixed with { Published = null }, "ports[0].published" },
        { Fixed with { Published = 0 }, "ports[0].published" },
        { Fixed with { Published = 65536 }, "ports[0].published" },
        { Fixed with { Target = 0 }, "ports[0].target" },
        { Fixed with { Target = 65536 }, "ports[0].target" },
        { Fixed with { HostAddress = "127.0.0.1" }, null },
        { Fixed with { HostAddress = "here" }, "ports[0].host_address" },
        { new PortSpec { Mode = PortMode.Dynamic, Target = 80 }, null },
        { new PortSpec { Mode = PortMode.Dynamic, Target = 80, Published = 80 }, "ports[0].published" },
    };

    [Theory]
    [MemberData(nameof(Ports))]
    public void A_port_is_checked(PortSpec port, string? field) => Expect(field, Web with { Ports = [port] });

    [Fact]
    public void The_same_fixed_port_is_published_once_per_protocol_and_address()
    {
        Expect("ports[1].published", Web with { Ports = [Fixed, Fixed with { Target = 81 }] });
        Expect(null, Web with { Ports = [Fixed, Fixed with { Protocol = PortProtocol.Udp }] });
        Expect(null, Web with { Ports = [Fixed with { HostAddress = "127.0.0.1" }, Fixed with { HostAddress = "127.0.0.2" }] });
    }

    public static TheoryData<HookSpec, string?> Hooks() => new()
    {
        { new HookSpec { Command = ["migrate", "up"] }, null },
        { new HookSpec { Command = [] }, "update.pre_deploy.command" },
        { new HookSpec { Command = [""] }, "update.pre_deploy.command" },
        { new HookSpec { Command = ["a\0b"] }, "update.pre_deploy.command" },
        { new HookSpec { Command = ["a"], Timeout = TimeSpan.FromMilliseconds(999) }, "update.pre_deploy.timeout" },
        { new HookSpec { Command = ["a"], Timeout = TimeSpan.FromHours(25) }, "update.pre_deploy.timeout" },
    };

    [Theory]
    [MemberData(nameof(Hooks))]
    public void A_hook_is_checked(HookSpec hook, string? field) =>
        Expect(field, Web with { Update = new UpdatePolicy { PreDeploy = hook } });

    [Fact]
    public void A_service_with_a_named_volume_has_no_hooks()
    {
        var mount = new MountSpec { Kind = MountKind.Volume, Source = "data", Target = "/data" };
        var hook = new UpdatePolicy { PostDeploy = new HookSpec { Command = ["check"] } };
        Expect("update.post_deploy", Web with { Update = hook, Container = Web.Container with { Mounts = [mount] } });
        Expect(null, Web with { Update = hook, Container = Web.Container with { Mounts = [mount with { Source = null }] } });
    }

    [Fact]
    public void A_hooks_container_is_the_services_own_but_for_what_calls_judges_or_repeats_it()
    {
        var spec = Web with
        {
            Ports = [Fixed], Health = new HealthSpec { Kind = HealthKind.Tcp }, Update = new UpdatePolicy
            {
                PreDeploy = new HookSpec { Command = ["migrate"] },
            },
        };
        var hook = HookTemplate.ForSlot(spec, HookSlot.PreDeploy);
        Assert.Equal("migrate", Assert.Single(hook.Container.Command!.Value));
        Assert.Equal("pre_deploy", hook.Container.Environment[HookTemplate.Variable]);
        Assert.Equal((HealthKind.Disabled, RestartCondition.None), (hook.Health!.Kind, hook.Restart.Condition));
        Assert.Empty(hook.Ports);
        Assert.Same(spec, HookTemplate.ForSlot(spec, 1));
    }

    public static TheoryData<MountSpec, string?> Mounts() => new()
    {
        { new MountSpec { Kind = MountKind.Bind, Source = "/srv", Target = "/data" }, null },
        { new MountSpec { Kind = MountKind.Bind, Source = "srv", Target = "/data" }, "mounts[0].source" },
        { new MountSpec { Kind = MountKind.Bind, Target = "/data" }, "mounts[0].source" },
        { new MountSpec { Kind = MountKind.Volume, Source = "db-data", Target = "/data" }, null },
        { new MountSpec { Kind = MountKind.Volume, Target = "/data" }, null },
        { new MountSpec { Kind = MountKind.Volume, Source = ".db", Target = "/data" }, "mounts[0].source" },
        { new MountSpec { Kind = MountKind.Volume, Source = "a/b", Target = "/data" }, "mounts[0].source" },
        { new MountSpec { Kind = MountKind.Volume, Source = new string('v', 129), Target = "/data" }, "mounts[0].source" },
        { new MountSpec { Kind = MountKind.Volume, Source = "v", Target = "data" }, "mounts[0].target" },
        { new MountSpec { Kind = MountKind.Volume, Source = "v", Target = "/data", TmpfsSizeBytes = 1 }, "mounts[0].tmpfs" },
        { new MountSpec { Kind = MountKind.Tmpfs, Target = "/tmp", TmpfsSizeBytes = 1, TmpfsMode = 511 }, null },
        { new MountSpec { Kind = MountKind.Tmpfs, Target = "/tmp", Source = "x" }, "mounts[0].source" },
        { new MountSpec { Kind = MountKind.Tmpfs, Target = "/tmp", TmpfsSizeBytes = 0 }, "mounts[0].tmpfs_size" },
        { new MountSpec { Kind = MountKind.Tmpfs, Target = "/tmp", TmpfsMode = 4096 }, "mounts[0].tmpfs_mode" },
    };

    [Theory]
    [MemberData(nameof(Mounts))]
    public void A_mount_is_checked(MountSpec mount, string? field) =>
        Expect(field, Web with { Container = Web.Container with { Mounts = [mount] } });

    [Fact]
    public void Two_mounts_have_two_targets()
    {
        var mount = new MountSpec { Kind = MountKind.Tmpfs, Target = "/tmp" };
        Expect("mounts[1].target", Web with { Container = Web.Container with { Mounts = [mount, mount] } });
    }

    private static readonly HealthSpec Http = new() { Kind = HealthKind.Http, Port = 80 };

    public static TheoryData<HealthSpec, string?> Healths() => new()
    {
        { Http, null },
        { Http with { Port = 0 }, "health.port" },
        { Http with { Port = -1 }, "health.port" },
        { Http with { Port = 65536 }, "health.port" },
        { Http with { Path = "healthz" }, "health.path" },
        { Http with { Path = "/a b" }, "health.path" },
        { Http with { Path = "/" + new string('p', 2048) }, "health.path" },
        { Http with { Interval = TimeSpan.FromMilliseconds(99) }, "health.interval" },
        { Http with { Interval = TimeSpan.FromHours(2) }, "health.interval" },
        { Http with { Timeout = TimeSpan.FromMilliseconds(9) }, "health.timeout" },
        { Http with { Retries = 0 }, "health.retries" },
        { Http with { Retries = 101 }, "health.retries" },
        { Http with { StartPeriod = TimeSpan.FromDays(2) }, "health.start_period" },
        { Http with { StartInterval = TimeSpan.FromMilliseconds(49) }, "health.start_interval" },
        { new HealthSpec { Kind = HealthKind.Tcp, Port = 5432 }, null },
        { new HealthSpec { Kind = HealthKind.Command, Test = ["CMD", "true"] }, null },
        { new HealthSpec { Kind = HealthKind.Command }, null },
        { new HealthSpec { Kind = HealthKind.Command, Test = ["true"] }, "health.test[0]" },
        { new HealthSpec { Kind = HealthKind.Command, Test = ["CMD"] }, "health.test" },
        { new HealthSpec { Kind = HealthKind.Disabled, Retries = -5 }, null },
    };

    [Theory]
    [MemberData(nameof(Healths))]
    public void A_health_check_is_checked(HealthSpec health, string? field) => Expect(field, Web with { Health = health });

    [Fact]
    public void A_probe_takes_the_first_port_of_the_service() =>
        Expect(null, Web with { Ports = [Fixed], Health = Http with { Port = 0 } });

    public static TheoryData<ResourceSpec, string?> Resources() => new()
    {
        { new ResourceSpec { CpuLimitNano = 10_000_000, CpuReservationNano = 10_000_000 }, null },
        { new ResourceSpec { CpuLimitNano = 9_999_999 }, "resources.limits.cpus" },
        { new ResourceSpec { CpuLimitNano = 10_000_000, CpuReservationNano = 10_000_001 }, "resources.reservations.cpus" },
        { new ResourceSpec { CpuReservationNano = -1 }, "resources.reservations.cpus" },
        { new ResourceSpec { MemoryLimitBytes = 6 << 20 }, null },
        { new ResourceSpec { MemoryLimitBytes = (6 << 20) - 1 }, "resources.limits.memory" },
        { new ResourceSpec { MemoryLimitBytes = 6 << 20, MemoryReservationBytes = 7 << 20 }, "resources.reservations.memory" },
        { new ResourceSpec { MemoryReservationBytes = -1 }, "resources.reservations.memory" },
        { new ResourceSpec { PidsLimit = 0 }, "resources.limits.pids" },
    };

    [Theory]
    [MemberData(nameof(Resources))]
    public void Resources_are_checked(ResourceSpec resources, string? field) => Expect(field, Web with { Resources = resources });

    public static TheoryData<RestartPolicy, string?> Restarts() => new()
    {
        { RestartPolicy.Default, null },
        { RestartPolicy.Default with { Delay = TimeSpan.FromMinutes(6) }, "restart.delay" },
        { RestartPolicy.Default with { Window = TimeSpan.FromDays(31) }, "restart.window" },
        { RestartPolicy.Default with { MaxAttempts = -1 }, "restart.max_attempts" },
        { RestartPolicy.Default with { Condition = 0 }, "restart.condition" },
    };

    [Theory]
    [MemberData(nameof(Restarts))]
    public void Restarts_are_checked(RestartPolicy restart, string? field) => Expect(field, Web with { Restart = restart });

    [Fact]
    public void Everything_wrong_at_once_is_said_at_once()
    {
        var spec = new ServiceSpec
        {
            Name = new ServiceName("A", "B"), Mode = 0, Replicas = -1, ProgressDeadline = TimeSpan.Zero, DrainDelay = TimeSpan.FromDays(1),
            Labels = Maps.Of([new("", "")]), Constraints = [new PlacementConstraint("x", true, "")],
            Ports = [new PortSpec { Mode = 0, Target = 0, Protocol = 0, HostAddress = "x" }],
            Health =
            new HealthSpec { Kind = 0, Retries = 0, Interval = TimeSpan.Zero, Timeout = TimeSpan.Zero, StartInterval = TimeSpan.Zero },
            Resources =
            new ResourceSpec { CpuLimitNano = 1, MemoryLimitBytes = 1, PidsLimit = 0, CpuReservationNano = -1,
            MemoryReservationBytes = -1 },
            Restart = new RestartPolicy { Condition = 0, Delay = TimeSpan.FromDays(1), Window = TimeSpan.FromDays(99), MaxAttempts = -1 },
            Container = new ContainerSpec
            {
                Image = "", Environment = Maps.Of([new("A=", "")]), Labels = Maps.Of([new("cluster.x", "")]), User = "\0",
                WorkingDirectory = "x",
                Hostname = "\0", CapabilitiesAdded = ["x"], CapabilitiesDropped = ["x"], Ulimits = [new UlimitSpec("", 2, 1)],
                Sysctls = Maps.Of([new("", "")]), StopSignal = "x", StopGracePeriod = -TimeSpan.FromSeconds(1),
                ExtraHosts = [new HostEntry("", "x")],
                Mounts = [new MountSpec { Kind = 0, Target = "x" }], Command = ["\0"], Entrypoint = ["\0"],
            },
        };
        string[] expected =
        [
            "name", "stack", "mode", "replicas", "image", "command[0]", "entrypoint[0]", "environment", "container_labels", "user",
            "hostname",
            "working_dir", "cap_add", "cap_drop", "ulimits[0]", "sysctls", "stop_signal", "stop_grace_period", "extra_hosts",
            "mounts[0].kind",
            "mounts[0].target", "ports[0].mode", "ports[0].protocol", "ports[0].target", "ports[0].host_address", "health.kind",
            "health.interval",
            "health.timeout", "health.start_interval", "health.retries", "resources.limits.cpus", "resources.reservations.cpus",
            "resources.limits.memory", "resources.reservations.memory", "resources.limits.pids", "constraints[0]", "restart.condition",
            "restart.delay", "restart.window", "restart.max_attempts", "labels", "progress_deadline", "drain",
        ];
        var found = SpecValidator.Validate(spec).Select(error => error.Field).ToHashSet(StringComparer.Ordinal);
        Assert.Equal([], expected.Except(found).ToImmutableSortedSet());
    }

    private static void Expect(string? field, ServiceSpec spec)
    {
        var errors = SpecValidator.Validate(spec);
        if (field is null) Assert.Empty(errors);
        else Assert.Contains(errors, error => error.Field == field);
    }
}
