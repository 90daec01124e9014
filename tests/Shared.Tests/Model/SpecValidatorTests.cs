// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Model;

namespace ClusterManager.Shared.Tests.Model;

/// <summary>Each rule with what it allows and what it refuses, and by which field's name.</summary>
public sealed class SpecValidatorTests
{
    private static readonly ServiceSpec Web = new()
    {
        Name = ServiceName.Parse("web"), Container = new ContainerSpec { Image = "web:1" },
    };

    [Fact]
    public void The_smallest_spec_is_valid() => Assert.Empty(SpecValidator.Validate(Web));

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(10_000, true)]
    [InlineData(10_001, false)]
    [InlineData(-1, false)]
    public void Replicas_are_0_to_10000(int replicas, bool valid) => Expect(valid, "replicas", Web with { Replicas = replicas });

    [Fact]
    public void A_global_service_has_no_number_of_replicas()
    {
        Expect(true, "replicas", Web with { Mode = ServiceMode.Global });
        Expect(false, "replicas", Web with { Mode = ServiceMode.Global, Replicas = 1 });
    }

    [Theory]
    [InlineData("web", true)]
    [InlineData("a", true)]
    [InlineData("web-1", true)]
    [InlineData("1web", true)]
    [InlineData("", false)]
    [InlineData("Web", false)]
    [InlineData("web_1", false)]
    [InlineData("-web", false)]
    [InlineData("web-", false)]
    [InlineData("we.b", false)]
    [InlineData("wéb", false)]
    [InlineData("consul", false)]
    [InlineData("cluster-manager", false)]
    public void Names_are_dns_labels(string name, bool valid) =>
        Expect(valid, "name", Web with { Name = new ServiceName("default", name) });

    [Fact]
    public void Names_have_at_most_63_characters_with_their_stack()
    {
        var longest = new string('a', 63);
        Expect(true, "name", Web with { Name = new ServiceName("default", longest) });
        Expect(false, "name", Web with { Name = new ServiceName("default", longest + "a") });
        Expect(true, "name", Web with { Name = new ServiceName("shop", longest[5..]) });
        Expect(false, "name", Web with { Name = new ServiceName("shop", longest[4..]) });
        Expect(false, "stack", Web with { Name = new ServiceName("Shop", "web") });
        Expect(false, "name", Web with { Name = new ServiceName("cluster", "manager") });
    }

    [Theory]
    [InlineData("web", true)]
    [InlineData("registry.test:5000/a/web:1", true)]
    [InlineData("web@sha256:0123", true)]
    [InlineData("sha256:0123", true)]
    [InlineData("", false)]
    [InlineData("we b", false)]
    [InlineData("wéb", false)]
    [InlineData("-web", false)]
    [InlineData("/web", false)]
    [InlineData("web:", false)]
    [InlineData("Web", false)]
    public void Images_are_references(string image, bool valid) => Expect(valid, "image", Container(Web.Container with { Image = image }));

    public static TheoryData<string, string, bool> ContainerCases() => new()
    {
        { "environment", "PATH", true }, { "environment", "", false }, { "environment", "A=B", false }, { "environment", "A\n", false },
        { "environment", "CLUSTER_X", false }, { "container_labels", "app", true }, { "container_labels", "", false },
        { "container_labels", "cluster.x", false }, { "sysctls", "net.core.somaxconn", true }, { "sysctls", "", false },
    };

    [Theory]
    [MemberData(nameof(ContainerCases))]
    public void Maps_have_proper_keys(string field, string key, bool valid)
    {
        var map = Maps.Of([new(key, "1")]);
        var container = field switch
        {
            "environment" => Web.Container with { Environment = map },
            "sysctls" => Web.Container with { Sysctls = map },
            _ => Web.Container with { Labels = map },
        };
        Expect(valid, field, Container(container));
    }

    [Fact]
    public void Environment_values_are_never_repeated_in_an_error()
    {
        var secret = "canary\0" + new string('x', 10);
        var spec = Container(Web.Container with { Environment = Maps.Of([new("PASSWORD", secret)]) });
        var error = Assert.Single(SpecValidator.Validate(spec));
        Assert.Equal("environment.PASSWORD", error.Field);
        Assert.DoesNotContain("canary", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("NET_ADMIN", true)]
    [InlineData("ALL", true)]
    [InlineData("net_admin", false)]
    [InlineData("", false)]
    public void Capabilities_are_upper_case(string capability, bool valid)
    {
        Expect(valid, "cap_add", Container(Web.Container with { CapabilitiesAdded = [capability] }));
        Expect(valid, "cap_drop", Container(Web.Container with { CapabilitiesDropped = [capability] }));
    }

    [Theory]
    [InlineData("nofile", 10, 20, null)]
    [InlineData("nofile", 10, -1, null)]
    [InlineData("nofile", -1, -1, null)]
    [InlineData("nofile", 20, 10, "ulimits.nofile")]
    [InlineData("nofile", -1, 10, "ulimits.nofile")]
    [InlineData("nofile", -2, -1, "ulimits.nofile")]
    [InlineData("NOFILE", 1, 1, "ulimits[0]")]
    [InlineData("", 1, 1, "ulimits[0]")]
    public void Ulimits_have_a_name_and_soft_below_hard(string name, long soft, long hard, string? field)
    {
        var spec = Container(Web.Container with { Ulimits = [new UlimitSpec(name, soft, hard)] });
        if (field is null) Assert.Empty(SpecValidator.Validate(spec));
        else Expect(false, field, spec);
    }

    [Theory]
    [InlineData("SIGTERM", true)]
    [InlineData("SIGRTMIN+3", true)]
    [InlineData("15", true)]
    [InlineData("64", true)]
    [InlineData("0", false)]
    [InlineData("65", false)]
    [InlineData("", false)]
    [InlineData("term", false)]
    public void Stop_signals_have_a_name_or_a_number(string signal, bool valid) =>
        Expect(valid, "stop_signal", Container(Web.Container with { StopSignal = signal }));

    [Theory]
    [InlineData(0, true)]
    [InlineData(86_400, true)]
    [InlineData(86_401, false)]
    [InlineData(-1, false)]
    public void The_grace_period_is_0_to_24_hours(int seconds, bool valid) =>
        Expect(valid, "stop_grace_period", Container(Web.Container with { StopGracePeriod = TimeSpan.FromSeconds(seconds) }));

    [Theory]
    [InlineData("db", "192.0.2.1", true)]
    [InlineData("db", "2001:db8::1", true)]
    [InlineData("db", "host-gateway", true)]
    [InlineData("db", "db2", false)]
    [InlineData("", "192.0.2.1", false)]
    [InlineData("d b", "192.0.2.1", false)]
    public void Extra_hosts_are_a_name_and_an_address(string name, string address, bool valid) =>
        Expect(valid, "extra_hosts", Container(Web.Container with { ExtraHosts = [new HostEntry(name, address)] }));

    [Fact]
    public void Paths_are_absolute()
    {
        Expect(true, "working_dir", Container(Web.Container with { WorkingDirectory = "/srv" }));
        Expect(false, "working_dir", Container(Web.Container with { WorkingDirectory = "srv" }));
        Expect(false, "working_dir", Container(Web.Container with { WorkingDirectory = "/s\0" }));
    }

    [Fact]
    public void Texts_have_no_nul_and_a_length()
    {
        Expect(false, "command[1]", Container(Web.Container with { Command = ["a", "b\0"] }));
        Expect(false, "entrypoint[0]", Container(Web.Container with { Entrypoint = ["a\0"] }));
        Expect(false, "user", Container(Web.Container with { User = new string('u', 257) }));
        Expect(false, "hostname", Container(Web.Container with { Hostname = new string('h', 254) }));
        Expect(false, "command", Container(Web.Container with { Command = [.. Enumerable.Repeat("a", 1001)] }));
    }

    [Theory]
    [InlineData(1, 999, "progress_deadline", false)]
    [InlineData(1, 1000, "progress_deadline", true)]
    [InlineData(0, 86_400_001, "progress_deadline", false)]
    [InlineData(0, 600_000, "drain", true)]
    [InlineData(0, 600_001, "drain", false)]
    [InlineData(0, -1, "drain", false)]
    public void Deadlines_have_a_range(int _, long milliseconds, string field, bool valid)
    {
        var span = TimeSpan.FromMilliseconds(milliseconds);
        Expect(valid, field, field == "drain" ? Web with { DrainDelay = span } : Web with { ProgressDeadline = span });
    }

    [Fact]
    public void A_strategy_is_refused_with_all_its_errors_at_once()
    {
        var gate = new GateSpec { Kind = GateKind.Prometheus, Timeout = TimeSpan.Zero, Url = "ftp://x", Threshold = double.NaN };
        var update = new UpdatePolicy
        {
            Strategy = UpdateStrategy.Canary, FailureAction = FailureAction.Pause, MaxFailureRatio = 0.5, Hold = TimeSpan.FromDays(2),
            Steps = [new UpdateStep { Amount = 0 }, new UpdateStep { Amount = 101, IsPercent = true }],
            Gates =
            [
                gate,
                gate with { Kind = GateKind.Http, Url = "http://user@gates.example", Timeout = TimeSpan.FromHours(1), Threshold = 1 },
            ],
        };
        var fields = SpecValidator.Validate(Web with { Update = update }).Select(error => error.Field).Order(StringComparer.Ordinal);
        Assert.Equal(
            [
                "update.failure_action", "update.gates.query", "update.gates.threshold", "update.gates.timeout", "update.gates.url",
                "update.gates.url", "update.hold", "update.max_failure_ratio", "update.steps", "update.steps",
            ],
            fields);
        Assert.Empty(SpecValidator.Validate(Web with { Update = new UpdatePolicy { Strategy = UpdateStrategy.Canary } }));
    }

    [Fact]
    public void What_belongs_to_another_strategy_is_refused()
    {
        foreach (var update in new UpdatePolicy[]
        {
            new() { Hold = TimeSpan.Zero }, new() { KeepOld = TimeSpan.Zero },
            new() { Strategy = UpdateStrategy.Canary, KeepOld = TimeSpan.Zero },
        })
            Assert.Equal("update.strategy", Assert.Single(SpecValidator.Validate(Web with { Update = update })).Field);
    }

    [Fact]
    public void Two_colours_share_nothing_that_only_one_replica_can_have_and_all_of_it_is_told_at_once()
    {
        var update = new UpdatePolicy
        {
            Strategy = UpdateStrategy.BlueGreen, Order = UpdateOrder.StopFirst, FailureAction = FailureAction.Pause,
            MaxFailureRatio = 0.5, KeepOld = TimeSpan.FromDays(2), Steps = [new UpdateStep { Amount = 1 }],
        };
        var spec = Web with
        {
            Name = ServiceName.Parse(new string('w', 58)), Update = update,
            Ports = [new PortSpec { Mode = PortMode.Fixed, Target = 80, Published = 80 },
                new PortSpec { Mode = PortMode.Dynamic, Target = 81 }],
            Container = Web.Container with { Mounts = [new MountSpec { Kind = MountKind.Volume, Source = "data", Target = "/data" }] },
        };
        var fields = SpecValidator.Validate(spec).Select(error => error.Field).Order(StringComparer.Ordinal);
        Assert.Equal(
            [
                "mounts", "name", "ports", "update.failure_action", "update.keep_old", "update.max_failure_ratio", "update.order",
                "update.steps",
            ],
            fields);
        var good = new UpdatePolicy { Strategy = UpdateStrategy.BlueGreen, Hold = TimeSpan.Zero, KeepOld = TimeSpan.Zero };
        Assert.Empty(SpecValidator.Validate(Web with { Update = good }));
    }

    [Fact]
    public void An_update_policy_is_refused_with_all_its_errors_at_once()
    {
        var update = new UpdatePolicy
        {
            Parallelism = 0, ParallelismPercent = 101, Order = 0, Delay = TimeSpan.FromSeconds(-1), Monitor = TimeSpan.FromDays(2),
            MaxFailureRatio = double.NaN, FailureAction = 0,
        };
        var fields = SpecValidator.Validate(Web with { Update = update }).Select(error => error.Field).Order(StringComparer.Ordinal);
        Assert.Equal(
            [
                "update.delay", "update.failure_action", "update.max_failure_ratio", "update.monitor", "update.order", "update.parallelism",
                "update.parallelism", "update.parallelism",
            ],
            fields);
        Assert.Empty(SpecValidator.Validate(Web with { Update = new UpdatePolicy { ParallelismPercent = 25, MaxFailureRatio = 1 } }));
    }

    [Fact]
    public void One_volume_is_not_written_by_an_old_and_a_new_replica_at_once()
    {
        var mount = new MountSpec { Kind = MountKind.Volume, Source = "data", Target = "/data" };
        var spec = Web with { Container = Web.Container with { Mounts = [mount] } };
        Assert.Empty(SpecValidator.Validate(spec with { Update = new UpdatePolicy { Order = UpdateOrder.StopFirst } }));
        var wrong = Assert.Single(SpecValidator.Validate(spec with { Update = new UpdatePolicy { Order = UpdateOrder.StartFirst } }));
        Assert.Equal("update.order", wrong.Field);
    }

    [Theory]
    [InlineData("node.labels.disk == ssd", true)]
    [InlineData("node.labels.disk==ssd", true)]
    [InlineData("node.id != abc", true)]
    [InlineData("node.hostname == h1", true)]
    [InlineData("node.platform.os == linux", true)]
    [InlineData("node.platform.arch != arm64", true)]
    [InlineData("node.labels.a == b != c", true)]
    [InlineData("node.role == manager", false)]
    [InlineData("node.labels. == x", false)]
    [InlineData("node.id ==", false)]
    [InlineData("== x", false)]
    [InlineData("node.id = x", false)]
    [InlineData("", false)]
    public void Constraints_are_read_as_written(string text, bool valid)
    {
        Assert.Equal(valid, PlacementConstraint.TryParse(text, out var constraint, out var error));
        Assert.Equal(valid, error is null);
        if (constraint is not null)
            Assert.True(PlacementConstraint.TryParse(constraint.ToString(), out var again, out _) && again == constraint);
    }

    [Fact]
    public void Constraints_of_the_spec_are_checked()
    {
        Expect(false, "constraints[0]", Web with { Constraints = [new PlacementConstraint("node.role", true, "manager")] });
        Expect(false, "constraints[0]", Web with { Constraints = [new PlacementConstraint("node.id", true, "")] });
        Expect(false, "constraints", Web with { Constraints = [.. Enumerable.Repeat(new PlacementConstraint("node.id", true, "x"), 101)] });
    }

    private static ServiceSpec Container(ContainerSpec container) => Web with { Container = container };

    private static void Expect(bool valid, string field, ServiceSpec spec)
    {
        var errors = SpecValidator.Validate(spec);
        if (valid) Assert.Empty(errors);
        else Assert.Contains(errors, error => error.Field == field);
    }
}
