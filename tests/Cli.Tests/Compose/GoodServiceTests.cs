// SPDX-License-Identifier: Apache-2.0
using ClusterManager.Cli.Compose.Sections;
using ClusterManager.Cli.Compose.Values;
using ClusterManager.Model;

namespace ClusterManager.Cli.Tests.Compose;

public sealed class GoodServiceTests
{
    [Theory]
    [InlineData("['8080']", "8080")]
    [InlineData("[8080]", "8080")]
    [InlineData("['80:8080']", "80:8080")]
    [InlineData("[80:8080]", "80:8080")]
    [InlineData("['53:53/udp']", "53:53/udp")]
    [InlineData("['127.0.0.1:80:8080']", "127.0.0.1:80:8080")]
    [InlineData("['127.0.0.1::8080']", "127.0.0.1::8080")]
    [InlineData("['[::1]:80:8080']", "[::1]:80:8080")]
    [InlineData("['3000-3002']", "3000,3001,3002")]
    [InlineData("['9000-9001:8000-8001/udp']", "9000:8000/udp,9001:8001/udp")]
    [InlineData("['127.0.0.1:5000-5001:6000-6001']", "127.0.0.1:5000:6000,127.0.0.1:5001:6001")]
    [InlineData("[{target: 80}]", "80")]
    [InlineData("[{target: 80, published: '8080', protocol: udp, host_ip: 10.0.0.1, mode: host}]", "10.0.0.1:8080:80/udp")]
    public void Ports_in_all_forms(string ports, string expected) =>
        Assert.Equal(expected, string.Join(",", ComposeText.Good($"ports: {ports}").Ports.Select(PortText.Format)));

    [Fact]
    public void A_port_without_host_is_dynamic_and_with_host_fixed()
    {
        var spec = ComposeText.Good("ports: ['8080', '80:8081']");
        Assert.Equal([PortMode.Dynamic, PortMode.Fixed], spec.Ports.Select(p => p.Mode));
        Assert.Equal([null, 80], spec.Ports.Select(p => p.Published));
    }

    [Theory]
    [InlineData("echo hi", "echo|hi")]
    [InlineData("sh -c 'a b'  \"c \\\"d\\\"\"", "sh|-c|a b|c \"d\"")]
    [InlineData("a\\ b", "a b")]
    [InlineData("''", "")]
    public void A_command_in_one_text_is_split_as_a_shell_does(string text, string words)
    {
        Assert.True(ShellWords.TrySplit(text, out var result));
        Assert.Equal(words, string.Join("|", result));
    }

    [Theory]
    [InlineData("{pre_deploy: migrate up}", "migrate|up 300")]
    [InlineData("{pre_deploy: {command: [migrate, 'a b'], timeout: 2m}}", "migrate|a b 120")]
    [InlineData("{update: {strategy: rolling}, pre_deploy: [migrate]}", "migrate 300")]
    public void A_hook_is_a_command_or_a_map(string cluster, string expected)
    {
        var hook = ComposeText.Good($"x-cluster: {cluster}").Update.PreDeploy!;
        Assert.Equal(expected, FormattableString.Invariant($"{string.Join("|", hook.Command)} {hook.Timeout.TotalSeconds}"));
    }

    [Fact]
    public void Command_and_entrypoint_tell_missing_from_empty()
    {
        Assert.Null(ComposeText.Good("user: u").Container.Command);
        Assert.Null(ComposeText.Good("command:").Container.Command);
        Assert.Empty(ComposeText.Good("command: ''").Container.Command!.Value);
        Assert.Empty(ComposeText.Good("entrypoint: []").Container.Entrypoint!.Value);
        Assert.Equal("a|b c", string.Join("|", ComposeText.Good("command: [a, 'b c']").Container.Command!.Value));
    }

    [Theory]
    [InlineData("{A: 1, B: 'x y', C: true, D: 1.50}", "A=1|B=x y|C=true|D=1.50")]
    [InlineData("[A=1, 'B=x=y', C=]", "A=1|B=x=y|C=")]
    [InlineData("[FROM_CALLER]", "FROM_CALLER=yes")]
    [InlineData("{FROM_CALLER: }", "FROM_CALLER=yes")]
    [InlineData("[NOT_SET]", "")]
    public void Environment_in_both_forms(string value, string expected)
    {
        var spec = ComposeText.Good($"environment: {value}", new Dictionary<string, string> { ["FROM_CALLER"] = "yes" });
        Assert.Equal(expected, string.Join("|", spec.Container.Environment.Select(p => $"{p.Key}={p.Value}")));
    }

    [Fact]
    public void Environment_wins_over_env_file_and_a_later_file_over_an_earlier()
    {
        var files = new Dictionary<string, string> { ["/srv/shop/a.env"] = "A=1\nB=1\nC=1\n", ["/etc/b.env"] = "B=2\nC=$2\n" };
        var spec = ComposeText.Good(
            "env_file:\n  - a.env\n  - path: /etc/b.env\n    format: raw\n  - {path: gone.env, required: false}\nenvironment: {C: 3}",
            files: files);
        Assert.Equal("A=1|B=2|C=3", string.Join("|", spec.Container.Environment.Select(p => $"{p.Key}={p.Value}")));
    }

    [Theory]
    [InlineData("['data:/d']", "Volume data /d False")]
    [InlineData("['data:/d:ro']", "Volume data /d True")]
    [InlineData("['/srv:/d:rw']", "Bind /srv /d False")]
    [InlineData("['/anon']", "Volume  /anon False")]
    [InlineData("[{type: bind, source: /srv, target: /d, read_only: true}]", "Bind /srv /d True")]
    [InlineData("[{type: volume, source: data, target: /d}]", "Volume data /d False")]
    [InlineData("[{type: tmpfs, target: /t}]", "Tmpfs  /t False")]
    public void Mounts_in_all_forms(string volumes, string expected)
    {
        var result = ComposeText.Read(ComposeText.Service($"volumes: {volumes}") + "volumes: {data: }\n");
        Assert.Empty(result.Errors);
        var mount = Assert.Single(Assert.Single(result.Services).Container.Mounts);
        Assert.Equal(expected, $"{mount.Kind} {mount.Source} {mount.Target} {mount.ReadOnly}");
    }

    [Fact]
    public void A_tmpfs_has_size_and_mode()
    {
        var mount = Assert.Single(ComposeText.Good("volumes: [{type: tmpfs, target: /t, tmpfs: {size: 64m, mode: 0o1770}}]")
            .Container.Mounts);
        Assert.Equal((64L << 20, Convert.ToInt32("1770", 8)), (mount.TmpfsSizeBytes!.Value, mount.TmpfsMode!.Value));
    }

    [Theory]
    [InlineData("{test: curl -f x}", "CMD-SHELL|curl -f x")]
    [InlineData("{test: [CMD, curl, x]}", "CMD|curl|x")]
    [InlineData("{test: [CMD-SHELL, curl x]}", "CMD-SHELL|curl x")]
    [InlineData("{interval: 5s}", "")]
    public void A_health_command_in_all_forms(string value, string test)
    {
        var health = ComposeText.Good($"healthcheck: {value}").Health!;
        Assert.Equal((HealthKind.Command, test), (health.Kind, string.Join("|", health.Test)));
    }

    [Theory]
    [InlineData("{disable: true}")]
    [InlineData("{test: [NONE]}")]
    public void A_health_check_can_be_disabled(string value) =>
        Assert.Equal(HealthKind.Disabled, ComposeText.Good($"healthcheck: {value}").Health!.Kind);

    [Fact]
    public void Probes_of_the_cluster_are_read_with_their_times()
    {
        var spec = ComposeText.Good("""
            ports: ['8080']
            x-cluster:
              health: {http: {port: 8080, path: /healthz?x=1}, interval: 1s, timeout: 500ms, retries: 2,
                start_period: 10s, start_interval: 100ms}
              progress_deadline: 1m30s
              drain: 3s
            """);
        Assert.Equal((HealthKind.Http, 8080, "/healthz?x=1", 2),
            (spec.Health!.Kind, spec.Health.Port, spec.Health.Path, spec.Health.Retries));
        Assert.Equal((1000, 500, 10_000, 100), (spec.Health.Interval.TotalMilliseconds, spec.Health.Timeout.TotalMilliseconds,
            spec.Health.StartPeriod.TotalMilliseconds, spec.Health.StartInterval.TotalMilliseconds));
        Assert.Equal((90, 3), (spec.ProgressDeadline.TotalSeconds, spec.DrainDelay.TotalSeconds));
        Assert.Equal(HealthKind.Tcp, ComposeText.Good("x-cluster: {health: {tcp: {port: 1}}}").Health!.Kind);
    }

    [Theory]
    [InlineData("restart: 'no'", RestartCondition.None, null)]
    [InlineData("restart: no", RestartCondition.None, null)]
    [InlineData("restart: always", RestartCondition.Any, null)]
    [InlineData("restart: on-failure", RestartCondition.OnFailure, null)]
    [InlineData("restart: on-failure:4", RestartCondition.OnFailure, 4)]
    [InlineData("restart: unless-stopped", RestartCondition.Any, null)]
    [InlineData("restart: always\ndeploy: {restart_policy: {condition: on-failure, max_attempts: 2}}", RestartCondition.OnFailure, 2)]
    [InlineData("user: u", RestartCondition.Any, null)]
    public void Restart_in_all_forms_and_that_of_deploy_wins(string lines, RestartCondition condition, int? attempts)
    {
        var restart = ComposeText.Good(lines).Restart;
        Assert.Equal((condition, attempts), (restart.Condition, restart.MaxAttempts));
    }

    [Fact]
    public void Deploy_is_read_whole()
    {
        var spec = ComposeText.Good("""
            deploy:
              mode: replicated
              replicas: 3
              labels: [tier=front]
              placement: {constraints: ['node.labels.disk==ssd', 'node.hostname != n3']}
              resources:
                limits: {cpus: '1.5', memory: 512m, pids: 100}
                reservations: {cpus: 0.25, memory: 0.25gb}
              restart_policy: {condition: any, delay: 2s, window: 1m}
            """);
        Assert.Equal((ServiceMode.Replicated, 3), (spec.Mode, spec.Replicas));
        Assert.Equal("front", spec.Labels["tier"]);
        Assert.Empty(spec.Container.Labels);
        Assert.Equal(["node.labels.disk == ssd", "node.hostname != n3"], spec.Constraints.Select(c => c.ToString()));
        Assert.Equal(new ResourceSpec
        {
            CpuLimitNano = 1_500_000_000, MemoryLimitBytes = 512L << 20, PidsLimit = 100, CpuReservationNano = 250_000_000,
            MemoryReservationBytes = 256L << 20,
        }, spec.Resources);
        Assert.Equal((2, 60), (spec.Restart.Delay.TotalSeconds, spec.Restart.Window.TotalSeconds));
        Assert.Equal(ServiceMode.Global, ComposeText.Good("deploy: {mode: global}").Mode);
        Assert.Null(ComposeText.Good("deploy: {mode: replicated}").Replicas);
    }

    [Fact]
    public void The_small_keys_are_read()
    {
        var container = ComposeText.Good("""
            user: 1000:1000
            working_dir: /w
            hostname: h1.example
            init: true
            read_only: true
            cap_add: [CAP_NET_ADMIN]
            cap_drop: [all]
            ulimits: {nofile: {soft: 10, hard: 20}, nproc: 5}
            sysctls: [net.core.somaxconn=1024]
            stop_signal: quit
            stop_grace_period: 1m5s
            extra_hosts: ['db:10.0.0.5', 'gw=host-gateway', 'six=[::1]']
            labels: {a: b}
            """).Container;
        Assert.Equal(("1000:1000", "/w", "h1.example", true, true),
            (container.User, container.WorkingDirectory, container.Hostname, container.Init, container.ReadOnly));
        Assert.Equal(["NET_ADMIN", "ALL"], container.CapabilitiesAdded.Concat(container.CapabilitiesDropped));
        Assert.Equal(new[] { new UlimitSpec("nofile", 10, 20), new UlimitSpec("nproc", 5, 5) }, container.Ulimits.AsEnumerable());
        Assert.Equal("1024", container.Sysctls["net.core.somaxconn"]);
        Assert.Equal(("SIGQUIT", 65), (container.StopSignal, container.StopGracePeriod.TotalSeconds));
        Assert.Equal([new HostEntry("db", "10.0.0.5"), new HostEntry("gw", "host-gateway"), new HostEntry("six", "::1")],
            container.ExtraHosts.AsEnumerable());
        Assert.Equal("b", container.Labels["a"]);
    }

    [Theory]
    [InlineData("name: shop\n", null, "shop")]
    [InlineData("name: shop\n", "other", "other")]
    [InlineData("", null, "my-app")]
    public void The_stack_is_named_by_the_command_line_then_the_file_then_the_folder(string head, string? stack, string expected)
    {
        var result = ComposeText.Read(head + ComposeText.Service("user: u"), stack: stack, folder: "/home/x/My_App/");
        Assert.Equal(expected, result.Stack);
        Assert.Equal(new ServiceName(expected, "a"), Assert.Single(result.Services).Name);
    }

    [Fact]
    public void Anchors_and_merge_keys_are_followed()
    {
        var result = ComposeText.Read("""
            x-base: &base
              image: base
              environment: &env {A: 1, B: 1}
            x-more: &more {user: more, image: more}
            services:
              one: {<<: *base, user: own}
              two:
                <<: [*base, *more]
                environment: {<<: *env, B: 2}
            """);
        Assert.Empty(result.Errors);
        Assert.Equal(["base own", "base more"], result.Services.Select(s => $"{s.Container.Image} {s.Container.User}"));
        Assert.Equal(["1", "2"], result.Services.Select(s => s.Container.Environment["B"]));
    }

    [Theory]
    [InlineData("{}", "auto Auto 0 - 0 Rollback")]
    [InlineData("{parallelism: 2, order: start-first}", "2 StartFirst 0 - 0 Rollback")]
    [InlineData("{parallelism: 0, delay: 5s, monitor: 1m}", "100% Auto 5 60 0 Rollback")]
    [InlineData("{parallelism: '25%', order: stop-first, failure_action: continue}", "25% StopFirst 0 - 0 Continue")]
    [InlineData("{max_failure_ratio: 0.25, failure_action: pause}", "auto Auto 0 - 0.25 Pause")]
    public void Update_config_in_all_forms(string config, string expected)
    {
        var u = ComposeText.Good($"deploy: {{update_config: {config}}}").Update;
        Assert.Equal(expected, FormattableString.Invariant(
            $"{UpdateText.ParallelismOf(u)} {u.Order} {u.Delay.TotalSeconds} {Seconds(u.Monitor)} {u.MaxFailureRatio} {u.FailureAction}"));

        static string Seconds(TimeSpan? span) => span is { } given ? FormattableString.Invariant($"{given.TotalSeconds}") : "-";
    }

    [Theory]
    [InlineData("none", "none Poll 60")]
    [InlineData("tag", "tag Poll 60")]
    [InlineData("semver ^1.2", "semver ^1.2 Poll 60")]
    [InlineData("'semver >=1.2 <2'", "semver >=1.2 <2 Poll 60")]
    [InlineData("{follow: tag, interval: 5s}", "tag Poll 5")]
    [InlineData("{via: webhook, follow: semver 1.x}", "semver 1.x Webhook 60")]
    [InlineData("{}", "none Poll 60")]
    public void Tracking_in_all_forms(string track, string expected)
    {
        var t = ComposeText.Good($"x-cluster: {{track: {track}}}").Track;
        Assert.Equal(expected, FormattableString.Invariant($"{t} {t.Via} {t.Interval.TotalSeconds}"));
    }

    [Theory]
    [InlineData("latest", 1)]
    [InlineData("semver", 1)]
    [InlineData("semver latest", 1)]
    [InlineData("[tag]", 1)]
    [InlineData("{via: webhook}", 1)]
    [InlineData("{follow: tags, via: hope, interval: 1s, speed: 1}", 4)]
    public void Wrong_tracking_is_told_whole(string track, int errors) =>
        Assert.Equal(errors, ComposeText.Read(ComposeText.Service($"x-cluster: {{track: {track}}}")).Errors.Length);

    [Theory]
    [InlineData("{strategy: canary}", "Canary 1,25%,100% 60 ")]
    [InlineData("{strategy: canary, steps: [2, 50%], hold: 90s, promote: manual}", "Canary 2,50% 90 Approve:86400")]
    [InlineData("{strategy: canary, steps: '1, 10%'}", "Canary 1,10% 60 ")]
    [InlineData("{strategy: canary, gates: [{approve: {timeout: 1h}}, {http: {url: 'http://g.example/x/'}}]}",
        "Canary 1,25%,100% 60 Approve:3600 Http:300:http://g.example/x")]
    [InlineData("{strategy: canary, gates: [{prometheus: {url: 'http://p.example', query: up, is: '>= 0.99', every: 5s}}]}",
        "Canary 1,25%,100% 60 Prometheus:600:http://p.example:up>= 0.99/5")]
    public void The_strategy_in_all_forms(string update, string expected)
    {
        var u = ComposeText.Good($"deploy: {{update_config: {{parallelism: 2}}}}\nx-cluster: {{update: {update}}}").Update;
        Assert.Equal(2, u.Parallelism);
        var gates = u.Gates.Select(g => FormattableString.Invariant($"{g.Kind}:{g.Timeout.TotalSeconds}")
            + (g.Url.Length == 0 ? "" : $":{g.Url}")
            + (g.Query.Length == 0 ? "" : FormattableString.Invariant($":{g.Query}{StrategyText.IsOf(g)}/{g.Interval.TotalSeconds}")));
        Assert.Equal(expected, FormattableString.Invariant(
            $"{u.Strategy} {StrategyText.StepsOf(u.CanarySteps)} {u.CanaryHold.TotalSeconds} {string.Join(' ', gates)}"));
    }

    [Fact]
    public void A_wrong_strategy_is_told_whole()
    {
        var wrong = ComposeText.Service(
            "x-cluster: {update: {strategy: lilac, steps: [0, 101%], hold: x, promote: maybe, gates: [{http: {}}, "
            + "{prometheus: {url: 'http://p.example', query: up, is: '= 1'}}, {person: {}}]}}");
        Assert.Equal(8, ComposeText.Read(wrong).Errors.Length);
    }

    [Fact]
    public void A_wrong_update_config_is_told_whole()
    {
        var wrong = ComposeText.Service(
            "deploy: {update_config: {parallelism: many, order: first, delay: x, max_failure_ratio: 2, failure_action: die, speed: 1}}");
        Assert.Equal(6, ComposeText.Read(wrong).Errors.Length);
    }
}
